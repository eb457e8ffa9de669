import type { FastifyServerOptions } from 'fastify'
import { readTraceContext } from './trace-context.ts'

/** Names in each line of a request the trace that it belongs to, where it came with one, and the span that it came from. */
export const logTraces: NonNullable<FastifyServerOptions['childLoggerFactory']> = (
  logger,
  bindings,
  options,
  request
) => {
  const context = readTraceContext(request.headers)
  return logger.child(context ? { ...bindings, ...context } : bindings, options)
}
