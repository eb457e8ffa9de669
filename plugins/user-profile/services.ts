import { availableParallelism } from 'node:os'
import type { FastifyInstance } from 'fastify'
import type { AuditLog } from '../../src/admin/audit-log.ts'
import { createAvatars } from '../../src/avatars/avatars.ts'
import type { MediaStore } from '../../src/avatars/media-store.ts'
import { createBoundedQueue } from '../../src/bounded-queue.ts'
import type { Clock } from '../../src/clock.ts'
import type { DEFAULTS } from '../../src/defaults.ts'
import type { Log } from '../../src/log.ts'
import { createPasswordHasher } from '../../src/passwords/password-hasher.ts'
import { createDecoders, type Decoders } from '../../src/pictures/decoders.ts'
import type { AvatarLimits } from '../../src/pictures/prepare-avatar.ts'
import type { Telemetry } from '../../src/telemetry/telemetry.ts'
import { watched } from '../../src/telemetry/watched.ts'
import { createKeptSessions, type KeptSessions } from '../../src/tokens/kept-sessions.ts'
import type { Sessions } from '../../src/tokens/sessions.ts'
import { type Accounts, createAccounts } from '../../src/users/accounts.ts'
import { countRefusals } from '../../src/users/count-refusals.ts'
import { createOwnAccess, type OwnAccess } from '../../src/users/own-access.ts'
import { createProfiles, type Profiles } from '../../src/users/profiles.ts'
import type { SignInThrottle } from '../../src/users/sign-in-throttle.ts'
import type { UserEvents } from '../../src/users/user-events.ts'
import type { ProfileStore, UserStore } from '../../src/users/user-store.ts'

/** Libuv has four threads. One stays free, or the sync of the log would wait for whole hashes. */
const MAX_HASHING = 3

/** Hashing that may wait, for each that runs; past it requests get 503. */
const WAITING_PER_WORKER = 64

type AvatarSettings = Pick<
  typeof DEFAULTS,
  | 'avatarMaxPixels'
  | 'avatarMaxFrames'
  | 'avatarAnimationMaxPixels'
  | 'avatarMaxSide'
  | 'avatarDecoders'
  | 'avatarQueue'
  | 'avatarDecodeTimeoutMs'
>

/** Decoders that end with the app. */
export function openDecoders(
  app: FastifyInstance,
  log: Log,
  settings: Readonly<AvatarSettings> & { telemetry: Telemetry }
): Decoders {
  const { avatarDecoders, avatarQueue, avatarDecodeTimeoutMs: maxCpuMs, telemetry } = settings
  const queue = createBoundedQueue({ concurrency: avatarDecoders, maxWaiting: avatarQueue })
  telemetry.watchQueue('decoding', queue.depth)
  const decoders = createDecoders({ queue, maxCpuMs, log, telemetry })
  app.addHook('onClose', () => decoders.close())
  return watched('decoders', decoders, telemetry.operations)
}

const avatarLimits = (settings: Readonly<AvatarSettings>): AvatarLimits => ({
  maxPixels: settings.avatarMaxPixels,
  maxFrames: settings.avatarMaxFrames,
  maxAnimationPixels: settings.avatarAnimationMaxPixels,
  maxSide: settings.avatarMaxSide
})

/** The services of profiles, which need no accounts that sign in here. */
export function createProfileServices({
  users,
  media,
  decoders,
  audit,
  events,
  settings,
  log
}: {
  users: ProfileStore
  media: MediaStore
  decoders: Decoders
  audit: AuditLog | undefined
  events: UserEvents
  settings: Readonly<AvatarSettings>
  log: Log
}): { profiles: Profiles } {
  const avatars = createAvatars({ media, decoders, limits: avatarLimits(settings), log })
  return { profiles: createProfiles({ users, avatars, audit, events, log }) }
}

/** The services of accounts that sign in here. */
export function createAccountServices({
  users,
  sessions,
  events,
  clock,
  throttle: unwatched,
  telemetry,
  log
}: {
  users: UserStore
  sessions: Sessions
  events: UserEvents
  clock: Clock
  throttle: SignInThrottle
  telemetry: Telemetry
  log: Log
}): { sessions: Sessions; keptSessions: KeptSessions; accounts: Accounts; ownAccess: OwnAccess } {
  const workers = Math.min(availableParallelism(), MAX_HASHING)
  const hashing = createBoundedQueue({ concurrency: workers, maxWaiting: workers * WAITING_PER_WORKER })
  const hasher = createPasswordHasher(hashing)
  telemetry.watchQueue('hashing', hashing.depth)
  const throttle = countRefusals(unwatched, telemetry)
  const access = { users, sessions, hasher, throttle, clock }
  return {
    sessions,
    keptSessions: createKeptSessions(sessions, log),
    accounts: createAccounts({ ...access, events }),
    ownAccess: createOwnAccess(access)
  }
}
