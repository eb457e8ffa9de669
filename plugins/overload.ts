import underPressure from '@fastify/under-pressure'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { errors } from '../src/errors.ts'

export interface OverloadOptions {
  /** How late the event loop may be on average over a second, in milliseconds; 0 for any. */
  maxEventLoopDelayMs: number
}

/**
 * Refuses requests with 503 and `Retry-After` while the process can't keep up, before any work for them: what is refused at
 * once is asked again, what waits is asked twice.
 */
export default fp<OverloadOptions>(
  async (app: FastifyInstance, { maxEventLoopDelayMs }) => {
    let isTold = false
    let measuredFrom = Number.POSITIVE_INFINITY
    app.addHook('onReady', async () => {
      measuredFrom = performance.now() + START_MS
    })
    await app.register(underPressure, {
      maxEventLoopDelay: maxEventLoopDelayMs,
      pressureHandler: async (request, _reply, type, value) => {
        if (performance.now() < measuredFrom) return
        if (!isTold) request.log.warn({ type, value }, 'requests are refused: the process can’t keep up')
        isTold = true
        throw errors.overloaded()
      }
    })
    const timer = setInterval(() => {
      isTold = false
    }, TELL_EVERY_MS).unref()
    app.addHook('onClose', async () => clearInterval(timer))
  },
  { name: 'user-profile-overload', fastify: '5.x' }
)

/** Twice as long as is measured at once: how late the process was while it started is no pressure of requests. */
const START_MS = 2000

/** A line for each request that is refused would be more work than most requests. */
const TELL_EVERY_MS = 10_000
