import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Clock, systemClock } from '../src/clock.ts'
import { DEFAULTS } from '../src/defaults.ts'
import { aBoolean, aNumber, aPort, aSecret, checkOptions } from '../src/options/check-options.ts'
import type { SessionStore } from '../src/tokens/session-store.ts'
import type { Sessions } from '../src/tokens/sessions.ts'
import type { User } from '../src/users/user.ts'
import type { UserStore } from '../src/users/user-store.ts'
import { identifyByBearer } from './bearer.ts'
import { checkStores } from './check-stores.ts'
import { openTokenSessions } from './token-sessions.ts'

export interface AuthOptions {
  /** The HS256 key, at least 32 characters (RFC 7518, 3.2). */
  jwtSecret: string
  /** Where users and sessions are kept. */
  stores: { users: UserStore; sessions: SessionStore }
  /** How long an access token is good, in seconds, at least 1. @default 86400 */
  accessTtlSeconds?: number
  /** How long a refresh token is good, in seconds, at least 1. @default 1209600 */
  refreshTtlSeconds?: number
  /** Whether a refresh token works once, and its answer brings the next one. @default true */
  refreshRotation?: boolean
  /** How long after its first use a refresh token may be used again, in milliseconds, 0 to 3600000. @default 10000 */
  reuseGraceMs?: number
  /** @default the system's */
  clock?: Clock
}

/** Refuses a request without a live access token, and puts the token's user on `request.currentUser`. */
export type Authenticate = (request: FastifyRequest) => Promise<void>

declare module 'fastify' {
  interface FastifyInstance {
    sessions: Sessions
    authenticate: Authenticate
  }
  interface FastifyRequest {
    /** Set by `authenticate`. */
    currentUser: User | null
  }
}

const RULES = {
  jwtSecret: aSecret,
  stores: aPort(),
  accessTtlSeconds: aNumber('accessTtlSeconds'),
  refreshTtlSeconds: aNumber('refreshTtlSeconds'),
  refreshRotation: aBoolean,
  reuseGraceMs: aNumber('reuseGraceMs'),
  clock: aPort('now')
}

/** Bearer tokens with SimpleJWT's claims for an app's own routes: decorates `sessions`, `authenticate` and `currentUser`. */
export default fp<AuthOptions>(
  async (app, options) => {
    checkOptions(options, RULES, ['jwtSecret', 'stores'])
    checkStores(options.stores, { keepAccounts: true })
    const { jwtSecret: secret, stores, clock = systemClock } = options
    const { accessTtlSeconds, refreshTtlSeconds, refreshRotation, reuseGraceMs } = { ...DEFAULTS, ...options }
    const sessions = await openTokenSessions(app, {
      secret,
      users: stores.users,
      store: stores.sessions,
      clock,
      accessTtlSeconds,
      refreshTtlSeconds,
      refreshRotation,
      reuseGraceMs
    })
    const identify = identifyByBearer(sessions)
    app.decorate('sessions', sessions)
    app.decorateRequest('currentUser', null)
    app.decorate('authenticate', async (request) => {
      request.currentUser = await identify(request)
    })
  },
  { name: 'user-profile-auth', fastify: '5.x' }
)
