import fastifyRateLimit from '@fastify/rate-limit'
import Fastify, { type onRequestHookHandler } from 'fastify'
import { addressGroup } from '../../src/address-group.ts'
import { errors } from '../../src/errors.ts'

const MINUTE_MS = 60_000

const unlimited: onRequestHookHandler = (_request, _reply, done) => done()

/**
 * Makes `onRequest` hooks that each limit the requests of one route per client address (of IPv6, per /64) and minute, in
 * this process's memory; put them before authentication, so that guesses count too. They do nothing where limits are off.
 */
export async function createRateLimits(
  enabled: boolean
): Promise<(maxPerMinute: number) => onRequestHookHandler> {
  if (!enabled) return () => unlimited
  // An instance that is no part of the app: below a host that has the plugin, `rateLimit` would be the host's.
  const limits = Fastify({ logger: false })
  await limits.register(fastifyRateLimit, {
    global: false,
    keyGenerator: ({ ip }) => addressGroup(ip),
    errorResponseBuilder: (_request, { ttl }) => errors.throttled(Math.max(1, Math.ceil(ttl / 1000)))
  })
  return (max) => limits.rateLimit({ max, timeWindow: MINUTE_MS })
}
