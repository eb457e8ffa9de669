import { hash } from 'node:crypto'
import fastifyRateLimit, { type FastifyRateLimitStore } from '@fastify/rate-limit'
import Fastify, { type FastifyRequest, type onRequestHookHandler } from 'fastify'
import { currentUser } from '../../routes/own-account.ts'
import type { LimitRate, LimitUser } from '../../routes/route-options.ts'
import { addressGroup } from '../../src/address-group.ts'
import { errors } from '../../src/errors.ts'
import type { Limits, RequestCounter } from '../../src/limits/limits.ts'
import { RATE_LIMITS, type RateLimitKind, type RateLimits } from '../../src/rate-limits.ts'

const MINUTE_MS = 60_000

/** What a proxy writes as an address may be anything. */
const MAX_KEY_CHARACTERS = 64

const unlimited: onRequestHookHandler = (_request, _reply, done) => done()

/** `onRequest` hooks that refuse with 429 and `Retry-After` (RFC 6585, 4) who sends too many requests of a kind. */
export interface RateLimiters {
  /** By address; for before authentication, so that guesses count too. */
  limitRate: LimitRate
  /** By user; for after authentication. */
  limitUser: LimitUser
}

/** Counts by the minute. @param limits undefined for none */
export async function createRateLimiters(
  limits: Limits | undefined,
  rates: RateLimits
): Promise<RateLimiters> {
  if (!limits) return { limitRate: () => unlimited, limitUser: () => unlimited }
  const counterOf = (by: string) => (kind: string) => limits.countRequests(`${kind}:${by}`, MINUTE_MS)
  const byAddress = await createHooks(counterOf('address'), ({ ip }) => shortened(addressGroup(ip)))
  const byUser = await createHooks(counterOf('user'), (request) => String(currentUser(request).id))
  return {
    limitRate: oncePerKind((kind) => byAddress(kind, rates[kind].address)),
    limitUser: oncePerKind((kind) => {
      const max = rates[kind].user
      return max === undefined ? unlimited : byUser(kind, max)
    })
  }
}

/** Makes hooks that each count by themselves. */
async function createHooks(
  counterOf: (kind: string) => RequestCounter,
  keyOf: (request: FastifyRequest) => string
): Promise<(kind: RateLimitKind, maxPerMinute: number) => onRequestHookHandler> {
  // An instance that is no part of the app: below a host that has the plugin, `rateLimit` would be the host's. One for
  // each way of counting, because of one only the first hook of a request counts.
  const app = Fastify({ logger: false })
  await app.register(fastifyRateLimit, {
    global: false,
    // Of it a child is made for each hook, with the hook's options.
    store: class implements FastifyRateLimitStore {
      incr: FastifyRateLimitStore['incr'] = (_key, answer) => answer(new Error('a hook of no kind'))
      child = (hook: object) => storeOf(counterOf(String(Reflect.get(hook, 'groupId'))))
    },
    keyGenerator: keyOf,
    errorResponseBuilder: (_request, { ttl }) => errors.throttled(Math.max(1, Math.ceil(ttl / 1000)))
  })
  return (kind, max) => app.rateLimit({ max, timeWindow: MINUTE_MS, groupId: kind })
}

function storeOf(counter: RequestCounter): FastifyRateLimitStore {
  const store: FastifyRateLimitStore = {
    incr: (key, answer) =>
      void counter
        .add(key)
        .then(({ count, leftMs }) => answer(null, { current: count, ttl: leftMs }), answer),
    child: () => store
  }
  return store
}

const shortened = (key: string) => (key.length <= MAX_KEY_CHARACTERS ? key : hash('sha256', key, 'base64url'))

/** Routes of one kind share its count. */
function oncePerKind(make: (kind: RateLimitKind) => onRequestHookHandler) {
  const hooks = new Map(Object.keys(RATE_LIMITS).map((kind) => [kind, make(kind as RateLimitKind)] as const))
  return (kind: RateLimitKind): onRequestHookHandler => hooks.get(kind) ?? unlimited
}
