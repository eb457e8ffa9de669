import fastifyRateLimit from '@fastify/rate-limit'
import type { onRequestHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { addressGroup } from '../src/address-group.ts'
import { errors } from '../src/errors.ts'

export interface RateLimitsOptions {
  enabled: boolean
}

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * An `onRequest` hook that limits the requests of one route per client address (of IPv6, per /64) and minute; put it
     * before `authenticate`, so that guesses count too. Does nothing where limits are off.
     */
    limitRate(maxPerMinute: number): onRequestHookHandler
  }
}

const MINUTE_MS = 60_000

/** Request limits by client address, per route, in this process's memory. */
export default fp<RateLimitsOptions>(
  async (app, { enabled }) => {
    if (!enabled) {
      app.decorate('limitRate', () => (_request, _reply, done) => done())
      return
    }
    await app.register(fastifyRateLimit, {
      global: false,
      keyGenerator: ({ ip }) => addressGroup(ip),
      errorResponseBuilder: (_request, { ttl }) => errors.throttled(Math.max(1, Math.ceil(ttl / 1000)))
    })
    app.decorate('limitRate', (max: number) => app.rateLimit({ max, timeWindow: MINUTE_MS }))
  },
  { name: 'user-profile-rate-limits', fastify: '5.x' }
)
