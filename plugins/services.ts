import { availableParallelism } from 'node:os'
import type { FastifyInstance } from 'fastify'
import { createAvatars } from '../src/avatars/avatars.ts'
import { createBoundedQueue } from '../src/bounded-queue.ts'
import type { Clock } from '../src/clock.ts'
import type { DEFAULTS } from '../src/defaults.ts'
import { createPasswordHasher } from '../src/passwords/password-hasher.ts'
import { createDecoders, type Decoders } from '../src/pictures/decoders.ts'
import type { Sessions } from '../src/tokens/sessions.ts'
import { type Accounts, createAccounts } from '../src/users/accounts.ts'
import { createOwnAccess, type OwnAccess } from '../src/users/own-access.ts'
import { createProfiles, type Profiles } from '../src/users/profiles.ts'
import { createSignInThrottle, noThrottle } from '../src/users/sign-in-throttle.ts'
import type { OpenStores } from './stores.ts'

/** What services are made from. */
export interface ServiceSettings extends Readonly<typeof DEFAULTS> {
  stores: OpenStores
  clock: Clock
}

/** Libuv has four threads. One stays free, or the sync of the log would wait for whole hashes. */
const MAX_HASHING = 3

/** Hashing that may wait, for each that runs; past it requests get 503. */
const WAITING_PER_WORKER = 64

/** Decoders that end with the app. */
export function openDecoders(app: FastifyInstance, settings: ServiceSettings): Decoders {
  const decoders = createDecoders({
    queue: createBoundedQueue({ concurrency: settings.avatarDecoders, maxWaiting: settings.avatarQueue }),
    maxCpuMs: settings.avatarDecodeTimeoutMs,
    log: app.log
  })
  app.addHook('onClose', () => decoders.close())
  return decoders
}

/** The services over a scope's sessions. */
export function createServices(
  { sessions, log }: Pick<FastifyInstance, 'sessions' | 'log'>,
  settings: ServiceSettings,
  decoders: Decoders
): { sessions: Sessions; accounts: Accounts; ownAccess: OwnAccess; profiles: Profiles } {
  const { stores, clock } = settings
  const { users, media } = stores
  const workers = Math.min(availableParallelism(), MAX_HASHING)
  const hashing = createBoundedQueue({ concurrency: workers, maxWaiting: workers * WAITING_PER_WORKER })
  const limits = {
    maxPixels: settings.avatarMaxPixels,
    maxFrames: settings.avatarMaxFrames,
    maxAnimationPixels: settings.avatarAnimationMaxPixels,
    maxSide: settings.avatarMaxSide
  }
  const avatars = createAvatars({ media, decoders, limits, log })
  const hasher = createPasswordHasher(hashing)
  const throttle = settings.rateLimit ? createSignInThrottle({ clock }) : noThrottle
  const access = { users, sessions, hasher, throttle, clock }
  return {
    sessions,
    accounts: createAccounts(access),
    ownAccess: createOwnAccess(access),
    profiles: createProfiles({ users, avatars, log })
  }
}
