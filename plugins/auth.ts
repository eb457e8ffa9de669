import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Clock, systemClock } from '../src/clock.ts'
import { DEFAULTS } from '../src/defaults.ts'
import type { IdentityStore } from '../src/identity/identity-store.ts'
import type { JwksOptions } from '../src/identity/jwks-options.ts'
import {
  aBoolean,
  aNumber,
  anObject,
  aPort,
  aSecret,
  checkOptions,
  givenOptions
} from '../src/options/check-options.ts'
import type { SessionStore } from '../src/tokens/session-store.ts'
import type { Sessions } from '../src/tokens/sessions.ts'
import type { User } from '../src/users/user.ts'
import { noEvents } from '../src/users/user-events.ts'
import type { ProfileStore, UserStore } from '../src/users/user-store.ts'
import { identifyByBearer } from './tokens/bearer.ts'
import { checkJwks, checkStores, needsIdentities } from './tokens/check-identity-options.ts'
import { openTokenSessions } from './tokens/token-sessions.ts'

/** Tokens that are ours. */
export interface OwnAuthOptions {
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

/** Tokens of an identity provider. */
export interface ExternalAuthOptions {
  /** How the tokens are verified, and whose they are. */
  jwks: JwksOptions
  /** Where users are kept, and who they are at the provider, which `claims.userId` does without. */
  stores: { users: ProfileStore; identities?: IdentityStore }
  /** @default the system's */
  clock?: Clock
}

export type AuthOptions = OwnAuthOptions | ExternalAuthOptions

type Identify = (request: FastifyRequest) => Promise<User>

/** Refuses a request without a live access token, and puts the token's user on `request.currentUser`. */
export type Authenticate = (request: FastifyRequest) => Promise<void>

declare module 'fastify' {
  interface FastifyInstance {
    /** Where the tokens are ours. */
    sessions?: Sessions
    authenticate: Authenticate
  }
  interface FastifyRequest {
    /** Set by `authenticate`. */
    currentUser: User | null
  }
}

const RULES = {
  jwtSecret: aSecret,
  jwks: anObject,
  stores: aPort(),
  accessTtlSeconds: aNumber('accessTtlSeconds'),
  refreshTtlSeconds: aNumber('refreshTtlSeconds'),
  refreshRotation: aBoolean,
  reuseGraceMs: aNumber('reuseGraceMs'),
  clock: aPort('now')
}

/**
 * Bearer tokens for an app's own routes: decorates `authenticate` and `currentUser`, and where the tokens are ours, with
 * SimpleJWT's claims, `sessions`.
 */
export default fp<AuthOptions>(
  async (app, options) => {
    checkOptions(options, RULES, ['jwks' in options ? 'jwks' : 'jwtSecret', 'stores'])
    const identify = await ('jwks' in options
      ? identifyExternally(app, options)
      : identifyByOwn(app, options))
    app.decorateRequest('currentUser', null)
    app.decorate('authenticate', async (request) => {
      request.currentUser = await identify(request)
    })
  },
  { name: 'user-profile-auth', fastify: '5.x' }
)

async function identifyByOwn(app: FastifyInstance, options: OwnAuthOptions): Promise<Identify> {
  const { jwtSecret: secret, stores } = options
  checkStores(stores, { keepAccounts: true })
  const {
    accessTtlSeconds,
    refreshTtlSeconds,
    refreshRotation,
    reuseGraceMs,
    clock = systemClock
  } = {
    ...DEFAULTS,
    ...givenOptions(options)
  }
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
  app.decorate('sessions', sessions)
  return identifyByBearer(sessions)
}

async function identifyExternally(app: FastifyInstance, options: ExternalAuthOptions): Promise<Identify> {
  const { jwks, stores, clock = systemClock } = options
  checkJwks(jwks)
  checkStores(stores, { keepAccounts: false, keepIdentities: needsIdentities(jwks) })
  const { users, identities } = stores
  // Loaded by those who use it.
  const { createExternalSessions } = await import('../src/identity/external-sessions.ts')
  const onProvisioned = noEvents.signedUp
  return identifyByBearer(
    createExternalSessions({ jwks, users, identities, clock, log: app.log, onProvisioned })
  )
}
