import fastifyRateLimit from '@fastify/rate-limit'
import Fastify, { type FastifyRequest, type onRequestHookHandler } from 'fastify'
import { currentUser } from '../../routes/own-account.ts'
import type { LimitRate, LimitUser } from '../../routes/route-options.ts'
import { addressGroup } from '../../src/address-group.ts'
import { errors } from '../../src/errors.ts'
import { RATE_LIMITS, type RateLimitKind, type RateLimits } from '../../src/rate-limits.ts'

const MINUTE_MS = 60_000

/** Addresses, or users, that are counted at once for each kind; the one that was seen least recently makes room. */
const MAX_COUNTED = 20_000

const unlimited: onRequestHookHandler = (_request, _reply, done) => done()

/** `onRequest` hooks that refuse with 429 and `Retry-After` (RFC 6585, 4) who sends too many requests of a kind. */
export interface RateLimiters {
  /** By address; for before authentication, so that guesses count too. */
  limitRate: LimitRate
  /** By user; for after authentication. */
  limitUser: LimitUser
}

/** Counts by the minute in this process's memory. @param limits undefined for none */
export async function createRateLimiters(limits: RateLimits | undefined): Promise<RateLimiters> {
  if (!limits) return { limitRate: () => unlimited, limitUser: () => unlimited }
  const byAddress = await createHooks(({ ip }) => addressGroup(ip))
  const byUser = await createHooks((request) => String(currentUser(request).id))
  return {
    limitRate: oncePerKind((kind) => byAddress(limits[kind].address)),
    limitUser: oncePerKind((kind) => {
      const max = limits[kind].user
      return max === undefined ? unlimited : byUser(max)
    })
  }
}

/** Makes hooks that each count by themselves. */
async function createHooks(
  keyOf: (request: FastifyRequest) => string
): Promise<(maxPerMinute: number) => onRequestHookHandler> {
  // An instance that is no part of the app: below a host that has the plugin, `rateLimit` would be the host's. One for
  // each way of counting, because of one only the first hook of a request counts.
  const app = Fastify({ logger: false })
  await app.register(fastifyRateLimit, {
    global: false,
    cache: MAX_COUNTED,
    keyGenerator: keyOf,
    errorResponseBuilder: (_request, { ttl }) => errors.throttled(Math.max(1, Math.ceil(ttl / 1000)))
  })
  return (max) => app.rateLimit({ max, timeWindow: MINUTE_MS })
}

/** Routes of one kind share its count. */
function oncePerKind(make: (kind: RateLimitKind) => onRequestHookHandler) {
  const hooks = new Map(Object.keys(RATE_LIMITS).map((kind) => [kind, make(kind as RateLimitKind)] as const))
  return (kind: RateLimitKind): onRequestHookHandler => hooks.get(kind) ?? unlimited
}
