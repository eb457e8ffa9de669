import fastifyRateLimit, { type RateLimitOptions } from '@fastify/rate-limit'
import fp from 'fastify-plugin'
import { errors } from '../src/errors.ts'

export interface RateLimitsOptions {
  enabled: boolean
}

declare module 'fastify' {
  interface FastifyInstance {
    /** A route's `config` that limits its requests per client address and minute; empty where limits are off. */
    limitRate(maxPerMinute: number): FastifyContextConfig
  }
}

const MINUTE_MS = 60_000

/** Request limits by client address, per route, in this process's memory. */
export default fp<RateLimitsOptions>(
  async (app, { enabled }) => {
    if (enabled) {
      await app.register(fastifyRateLimit, {
        global: false,
        errorResponseBuilder: (_request, { ttl }) => errors.throttled(Math.max(1, Math.ceil(ttl / 1000)))
      })
    }
    app.decorate('limitRate', (max: number) => {
      const rateLimit: RateLimitOptions = { max, timeWindow: MINUTE_MS }
      return enabled ? { rateLimit } : {}
    })
  },
  { name: 'user-profile-rate-limits', fastify: '5.x' }
)
