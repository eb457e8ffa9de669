import type { FastifyInstance } from 'fastify'
import type { Identify } from '../../routes/own-account.ts'
import type { AccountRouteOptions } from '../../routes/route-options.ts'
import type { IdentityStore } from '../../src/identity/identity-store.ts'
import type { DetailedLog } from '../../src/log.ts'
import type { SessionStore } from '../../src/tokens/session-store.ts'
import type { SignInThrottle } from '../../src/users/sign-in-throttle.ts'
import type { UserEvents } from '../../src/users/user-events.ts'
import type { ProfileStore, UserStore } from '../../src/users/user-store.ts'
import { identifyByBearer } from '../tokens/bearer.ts'
import { openTokenSessions } from '../tokens/token-sessions.ts'
import { identifyByHost } from './identify-by-host.ts'
import type { Settings } from './options.ts'
import { createAccountServices } from './services.ts'

export interface Identity {
  /** Finds who sends a request. */
  identify: Identify
  /** Where accounts sign in here: what their routes work with. */
  accounts?: Pick<AccountRouteOptions, 'sessions' | 'keptSessions' | 'accounts' | 'ownAccess'>
}

/** The one way to know who sends a request that the options ask for. */
export async function openIdentity(
  app: FastifyInstance,
  {
    users,
    sessions: sessionStore,
    identities,
    settings,
    throttle,
    events,
    log
  }: {
    users: ProfileStore | UserStore
    sessions: SessionStore | undefined
    identities: IdentityStore | undefined
    settings: Settings
    throttle: SignInThrottle
    events: UserEvents
    log: DetailedLog
  }
): Promise<Identity> {
  const { authenticate, jwks, jwtSecret: secret, clock } = settings
  if (authenticate) return { identify: identifyByHost(authenticate, users) }
  if (jwks) {
    // Loaded by those who use it.
    const { createExternalSessions } = await import('../../src/identity/external-sessions.ts')
    const onProvisioned = events.signedUp
    const sessions = createExternalSessions({ jwks, users, identities, clock, log, onProvisioned })
    return { identify: identifyByBearer(sessions) }
  }
  // That they are whole has been checked with the options.
  if (secret === undefined || !sessionStore || !isUserStore(users)) throw new Error('no store of accounts')
  const { accessTtlSeconds, refreshTtlSeconds, refreshRotation, reuseGraceMs } = settings
  const lifetimes = { accessTtlSeconds, refreshTtlSeconds, refreshRotation, reuseGraceMs }
  const sessions = await openTokenSessions(app, { secret, users, store: sessionStore, clock, ...lifetimes })
  return {
    identify: identifyByBearer(sessions),
    accounts: createAccountServices({
      users,
      sessions,
      events,
      clock,
      throttle,
      telemetry: settings.telemetry,
      log
    })
  }
}

/** Whether accounts sign in here. */
export const isUserStore = (users: ProfileStore | UserStore): users is UserStore => 'create' in users
