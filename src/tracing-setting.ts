import { ConfigError } from './config-error.ts'

export interface TracingSetting {
  /** What spans say they come from; undefined where the environment's other attributes say so. */
  serviceName: string | undefined
}

/** Each says that spans go somewhere. */
const DESTINATIONS = [
  'OTEL_TRACES_EXPORTER',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_ENDPOINT'
] as const

const OTHERS = ['OTEL_SDK_DISABLED', 'OTEL_SERVICE_NAME', 'OTEL_RESOURCE_ATTRIBUTES'] as const

/**
 * Spans are wanted where the environment says where they go. OpenTelemetry's SDK reads its variables from there by itself, and
 * knows of no `.env`.
 * @throws {ConfigError} where only `.env` has them
 */
export function readTracing(
  get: (name: string) => string | undefined,
  environment: Record<string, string | undefined>
): TracingSetting | undefined {
  const inEnvironment = (name: string) => environment[name]?.trim() || undefined
  for (const name of [...DESTINATIONS, ...OTHERS]) {
    if (get(name) !== inEnvironment(name))
      throw new ConfigError(name, 'has to be set in the environment: OpenTelemetry’s SDK does not read .env')
  }
  if (inEnvironment('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return undefined
  if (inEnvironment('OTEL_TRACES_EXPORTER') === 'none') return undefined
  if (!DESTINATIONS.some((name) => inEnvironment(name) !== undefined)) return undefined
  const isNamed = /(^|,)\s*service\.name=/.test(inEnvironment('OTEL_RESOURCE_ATTRIBUTES') ?? '')
  const serviceName = inEnvironment('OTEL_SERVICE_NAME') ?? (isNamed ? undefined : 'fastify-user-profile')
  return { serviceName }
}
