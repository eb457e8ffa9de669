import { FastifyOtelInstrumentation } from '@fastify/otel'
import {
  type Context,
  context,
  DiagLogLevel,
  diag,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace
} from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { DetailedLog } from '../../src/log.ts'
import type { OperationWatcher } from '../../src/telemetry/telemetry.ts'
import type { TracingSetting } from '../../src/tracing-setting.ts'

/** What is not delivered by then is lost: an end waits for no collector. */
const FLUSH_MS = 2000

export interface OpenTelemetry {
  /** Makes a span of each request; to be registered before any route. */
  plugin: ReturnType<typeof createPlugin>
  /** Makes a span of each operation. */
  watch: OperationWatcher
}

/**
 * Starts OpenTelemetry's SDK, which reads from the environment where spans go. Spans wait in a bounded queue; what can't be
 * delivered is dropped.
 * @param pathOf what is kept of a URL
 */
export function startOpenTelemetry(
  { serviceName }: TracingSetting,
  pathOf: (url: string) => string
): OpenTelemetry {
  const sdk = new NodeSDK({
    ...(serviceName !== undefined && { serviceName }),
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: []
  })
  sdk.start()
  const tracer = trace.getTracer('fastify-user-profile')
  return {
    plugin: createPlugin(sdk, pathOf),
    watch(port, operation) {
      const active = context.active()
      // What nobody's request asked for, such as the hourly sweep, would be a trace of its own for each row.
      if (!trace.getSpan(active)) return () => {}
      const span = tracer.startSpan(`${port}.${operation}`, { kind: SpanKind.INTERNAL }, active)
      return (error) => {
        if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: nameOf(error) })
        span.end()
      }
    }
  }
}

/** What is wrong, without what somebody sent. */
const nameOf = (error: unknown): string =>
  error instanceof Error ? String(Reflect.get(error, 'code') ?? error.name) : 'error'

function createPlugin(sdk: NodeSDK, pathOf: (url: string) => string) {
  const instrumentation = new FastifyOtelInstrumentation({
    instrumentHooks: false,
    instrumentHandler: false,
    recordExceptions: false,
    requestHook: (span, request) => nameRequest(span, request, pathOf)
  })
  return fp(
    async (app: FastifyInstance) => {
      tellOnce(app.log)
      await app.register(instrumentation.plugin())
      // Reading a body loses whose it is.
      app.addHook('preValidation', (request, _reply, done) => {
        const { context: own } = request.opentelemetry()
        if (own) context.with(own as Context, done)
        else done()
      })
      app.addHook('onClose', async () => {
        const { promise: late, resolve } = Promise.withResolvers<void>()
        const timer = setTimeout(resolve, FLUSH_MS)
        await Promise.race([sdk.shutdown().catch(() => {}), late])
        clearTimeout(timer)
      })
    },
    { name: 'user-profile-tracing', fastify: '5.x' }
  )
}

/** URLs may hold tokens, by mistake; the log knows a request by its span. */
function nameRequest(span: Span, request: FastifyRequest, pathOf: (url: string) => string): void {
  const { method, url, routeOptions } = request
  span.updateName(routeOptions.url === undefined ? method : `${method} ${routeOptions.url}`)
  span.setAttribute('url.path', pathOf(url))
  const { traceId, spanId } = span.spanContext()
  request.log = request.log.child({ traceId, spanId })
}

/** A collector that is away would be told of every few seconds. */
function tellOnce(log: DetailedLog): void {
  let isTold = false
  const tell = (reason: string) => {
    if (isTold) log.debug({ reason }, 'OpenTelemetry')
    else
      log.warn(
        { reason },
        'OpenTelemetry: spans may be lost. What comes after this is told at the level debug'
      )
    isTold = true
  }
  const quiet = (reason: string) => log.debug({ reason }, 'OpenTelemetry')
  const logger = { error: tell, warn: tell, info: quiet, debug: quiet, verbose: () => {} }
  diag.setLogger(logger, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true })
}
