import type { OpenStores } from '../src/app.ts'
import type { Config } from '../src/config.ts'
import { loadOptional } from '../src/load-optional.ts'
import { packageVersion } from '../src/package-version.ts'
import { noTelemetry, type Telemetry } from '../src/telemetry/telemetry.ts'
import { watched } from '../src/telemetry/watched.ts'
import type { Prometheus } from './metrics/prometheus.ts'
import { shownPath } from './shown-path.ts'
import type { OpenTelemetry } from './tracing/opentelemetry.ts'

export interface Instruments {
  telemetry: Telemetry
  prometheus: Prometheus | undefined
  tracing: OpenTelemetry | undefined
}

/** What the settings ask for to be measured and traced. Nothing else is loaded. */
export async function openInstruments({ metrics, tracing: setting }: Config): Promise<Instruments> {
  const prometheus = metrics && (await openPrometheus())
  const tracing = setting && (await openTracing(setting))
  const { operations, ...numbers } = prometheus?.telemetry ?? noTelemetry
  const telemetry = { ...numbers, operations: tracing ? [...operations, tracing.watch] : operations }
  return { telemetry, prometheus, tracing }
}

async function openPrometheus(): Promise<Prometheus> {
  const load = () => import('./metrics/prometheus.ts')
  const { createPrometheus } = await loadOptional('METRICS_PORT', 'prom-client', load)
  return createPrometheus({ version: await packageVersion() })
}

async function openTracing(setting: NonNullable<Config['tracing']>): Promise<OpenTelemetry> {
  const packages = '@opentelemetry/api @opentelemetry/sdk-node @fastify/otel'
  const load = () => import('./tracing/opentelemetry.ts')
  const { startOpenTelemetry } = await loadOptional('OTEL_TRACES_EXPORTER', packages, load)
  return startOpenTelemetry(setting, shownPath)
}

/** Stores whose operations are measured and traced. */
export function watchStores(stores: OpenStores, { operations }: Telemetry): OpenStores {
  if (operations.length === 0) return stores
  return {
    users: watched('users', stores.users, operations),
    sessions: watched('sessions', stores.sessions, operations),
    identities: watched('identities', stores.identities, operations),
    admin: watched('admin', stores.admin, operations),
    audit: watched('audit', stores.audit, operations),
    media: watched('media', stores.media, operations)
  }
}
