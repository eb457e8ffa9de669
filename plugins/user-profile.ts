import { availableParallelism } from 'node:os'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { collectMethods } from '../routes/other-methods.ts'
import { createPresenter } from '../routes/present-user.ts'
import profileDelete from '../routes/profile-delete.ts'
import profileRead from '../routes/profile-read.ts'
import profileUpdate from '../routes/profile-update.ts'
import type { RouteOptions } from '../routes/route-options.ts'
import signIn from '../routes/sign-in.ts'
import signUp from '../routes/sign-up.ts'
import tokenBlacklist from '../routes/token-blacklist.ts'
import tokenObtain from '../routes/token-obtain.ts'
import tokenRefresh from '../routes/token-refresh.ts'
import tokenVerify from '../routes/token-verify.ts'
import { createAvatars } from '../src/avatars/avatars.ts'
import { createVariants } from '../src/avatars/variants.ts'
import { createBoundedQueue } from '../src/bounded-queue.ts'
import { type Clock, systemClock } from '../src/clock.ts'
import { DEFAULTS } from '../src/defaults.ts'
import { createPasswordHasher } from '../src/passwords/password-hasher.ts'
import { createDecoders, type Decoders } from '../src/pictures/decoders.ts'
import { createAccounts } from '../src/users/accounts.ts'
import { createProfiles } from '../src/users/profiles.ts'
import auth from './auth.ts'
import { addBodyParsers, ignoreBodies } from './body-parsers.ts'
import errorAnswers from './errors.ts'
import housekeeping from './housekeeping.ts'
import media from './media.ts'
import rateLimits from './rate-limits.ts'
import { setSerialisation } from './serialisation.ts'
import type { OpenStores } from './stores.ts'
import uploads from './uploads.ts'
import { setValidation } from './validation.ts'

export interface UserProfileOptions {
  /** Where users, sessions and pictures are kept; the `stores` plugin opens them. */
  stores: OpenStores
  /** The folder of pictures, which `stores` keeps and this serves. */
  avatarFolder: string
  /** A private folder for uploads on their way. */
  uploadFolder: string
  /** The HS256 key of tokens, at least 32 characters. */
  jwtSecret: string
  /** The path in front of every route. @default '/api' */
  apiPrefix?: string
  /** The path in front of pictures, with slashes at both ends. @default '/media/' */
  mediaUrl?: string
  /** @default true */
  signUpOpen?: boolean
  /** Limits on requests by client address. @default true */
  rateLimit?: boolean
  /** @default 86400 */
  accessTtlSeconds?: number
  /** @default 1209600 */
  refreshTtlSeconds?: number
  /** Bytes of an uploaded picture. @default 10485760 */
  avatarMaxBytes?: number
  /** Width times height of an uploaded picture. @default 50000000 */
  avatarMaxPixels?: number
  /** Pixels of the stored picture's longer side. @default 512 */
  avatarMaxSide?: number
  /** Frames of an uploaded animation. @default 1000 */
  avatarMaxFrames?: number
  /** Width times height times frames up to which an animation stays one. 0: none does. @default 25000000 */
  avatarAnimationMaxPixels?: number
  /** How long one picture may take to decode, in milliseconds. @default 10000 */
  avatarDecodeTimeoutMs?: number
  /** Pictures decoded at once, each in a process of its own. @default 2 */
  avatarDecoders?: number
  /** Pictures that may wait for that; past it requests get 503. @default 128 */
  avatarQueue?: number
  /** Age from which a picture that no user refers to is deleted, in milliseconds. @default 3600000 */
  sweepGraceMs?: number
  clock?: Clock
}

/** Hashing that may wait, for each processor; past it requests get 503. */
const WAITING_PER_WORKER = 64

/** Everything over the stores that are handed in: authentication, uploads, pictures and routes, in a scope of their own. */
export default fp<UserProfileOptions>(
  async (app, options) => {
    const { apiPrefix = '/api', mediaUrl = '/media/', clock = systemClock } = options
    const settings = { ...DEFAULTS, clock, ...options }
    const avatarUrl = `${mediaUrl}avatars/`

    await app.register(errorAnswers)
    await app.register(housekeeping, { ...options.stores, graceMs: settings.sweepGraceMs, clock })
    const decoders = openDecoders(app, settings)
    const variants = createVariants({ media: options.stores.media, decoders, log: app.log })
    await app.register(media, { folder: options.avatarFolder, urlPrefix: avatarUrl, variants })
    await app.register(
      async (api) => {
        await api.register(auth, {
          secret: options.jwtSecret,
          users: options.stores.users,
          sessionStore: options.stores.sessions,
          clock,
          accessTtlSeconds: settings.accessTtlSeconds,
          refreshTtlSeconds: settings.refreshTtlSeconds,
          reuseGraceMs: settings.reuseGraceMs
        })
        await api.register(rateLimits, { enabled: options.rateLimit ?? true })
        setValidation(api)
        setSerialisation(api)
        const services = createServices(api, settings, { decoders, avatarUrl })
        await registerRoutes(api, services, { folder: options.uploadFolder, clock })
      },
      { prefix: apiPrefix }
    )
  },
  { name: 'user-profile', fastify: '5.x', encapsulate: true }
)

type Settings = UserProfileOptions & typeof DEFAULTS & { clock: Clock }

function openDecoders(app: FastifyInstance, settings: Settings): Decoders {
  const decoders = createDecoders({
    queue: createBoundedQueue({ concurrency: settings.avatarDecoders, maxWaiting: settings.avatarQueue }),
    timeoutMs: settings.avatarDecodeTimeoutMs,
    log: app.log
  })
  app.addHook('onClose', () => decoders.close())
  return decoders
}

function createServices(
  app: FastifyInstance,
  settings: Settings,
  { decoders, avatarUrl }: { decoders: Decoders; avatarUrl: string }
): RouteOptions {
  const { users, media: mediaStore } = settings.stores
  const workers = availableParallelism()
  const hashing = createBoundedQueue({ concurrency: workers, maxWaiting: workers * WAITING_PER_WORKER })
  const limits = {
    maxPixels: settings.avatarMaxPixels,
    maxFrames: settings.avatarMaxFrames,
    maxAnimationPixels: settings.avatarAnimationMaxPixels,
    maxSide: settings.avatarMaxSide
  }
  const avatars = createAvatars({ media: mediaStore, decoders, limits, log: app.log })
  return {
    sessions: app.sessions,
    accounts: createAccounts({
      users,
      sessions: app.sessions,
      hasher: createPasswordHasher(hashing),
      clock: settings.clock
    }),
    profiles: createProfiles({ users, avatars }),
    present: createPresenter(avatarUrl),
    signUpOpen: settings.signUpOpen ?? true,
    avatarMaxBytes: settings.avatarMaxBytes
  }
}

async function registerRoutes(
  api: FastifyInstance,
  services: RouteOptions,
  upload: { folder: string; clock: Clock }
): Promise<void> {
  const methods = collectMethods(api)
  await api.register(async (scope) => {
    addBodyParsers(scope)
    await scope.register(uploads, upload)
    for (const route of [
      profileUpdate,
      signUp,
      signIn,
      tokenObtain,
      tokenRefresh,
      tokenVerify,
      tokenBlacklist
    ]) {
      await scope.register(route, services)
    }
  })
  await api.register(async (scope) => {
    ignoreBodies(scope)
    for (const route of [profileRead, profileDelete]) await scope.register(route, services)
    methods.refuseOthers(scope)
  })
}
