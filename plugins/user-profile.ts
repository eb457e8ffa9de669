import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import avatarByEmail from '../routes/avatar-by-email.ts'
import avatarById from '../routes/avatar-by-id.ts'
import { collectMethods } from '../routes/other-methods.ts'
import passwordChange from '../routes/password-change.ts'
import { createPresenter } from '../routes/present-user.ts'
import profileDelete from '../routes/profile-delete.ts'
import profileRead from '../routes/profile-read.ts'
import profileUpdate from '../routes/profile-update.ts'
import type { RouteOptions } from '../routes/route-options.ts'
import signIn from '../routes/sign-in.ts'
import signOutEverywhere from '../routes/sign-out-everywhere.ts'
import signUp from '../routes/sign-up.ts'
import tokenBlacklist from '../routes/token-blacklist.ts'
import tokenObtain from '../routes/token-obtain.ts'
import tokenRefresh from '../routes/token-refresh.ts'
import tokenVerify from '../routes/token-verify.ts'
import { createAvatarLookup } from '../src/avatars/avatar-lookup.ts'
import { createVariants } from '../src/avatars/variants.ts'
import { type Clock, systemClock } from '../src/clock.ts'
import { DEFAULTS } from '../src/defaults.ts'
import auth from './auth.ts'
import { addBodyParsers, ignoreBodies } from './body-parsers.ts'
import errorAnswers from './errors.ts'
import housekeeping from './housekeeping.ts'
import media from './media.ts'
import placeholders from './placeholders.ts'
import rateLimits from './rate-limits.ts'
import { setSerialisation } from './serialisation.ts'
import { createServices, openDecoders, type ServiceSettings } from './services.ts'
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
  /** The path in front of pictures, with slashes at both ends; all below it is served here. @default '/media/' */
  mediaUrl?: string
  /** @default true */
  signUpOpen?: boolean
  /** Limits on requests by client address, and on wrong passwords by account and address. @default true */
  rateLimit?: boolean
  /** @default 86400 */
  accessTtlSeconds?: number
  /** @default 1209600 */
  refreshTtlSeconds?: number
  /** Whether a refresh token works once, and its answer brings the next one. @default true */
  refreshRotation?: boolean
  /** How long after its first use a refresh token may be used again, in milliseconds. @default 10000 */
  reuseGraceMs?: number
  /** How long a multipart body may take to arrive, in milliseconds. @default 120000 */
  uploadTimeoutMs?: number
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
  /** Processor time that one picture may take to decode, in milliseconds. @default 10000 */
  avatarDecodeTimeoutMs?: number
  /** Pictures decoded at once, each in a process of its own. @default 2 */
  avatarDecoders?: number
  /** Pictures that may wait for that; past it requests get 503. @default 256 */
  avatarQueue?: number
  /** Whether everybody may see a user's picture by the user's id. @default true */
  avatarById?: boolean
  /**
   * Whether everybody may see a user's picture by the hash of the email; reveals who has an account. The stores have to keep
   * hashes. @default false
   */
  libravatar?: boolean
  /** Age from which a picture that no user refers to is deleted, in milliseconds. @default 3600000 */
  sweepGraceMs?: number
  clock?: Clock
}

type Settings = UserProfileOptions & ServiceSettings

/** Everything over the stores that are handed in: authentication, uploads, pictures and routes, in a scope of their own. */
export default fp<UserProfileOptions>(
  async (app, options) => {
    const settings: Settings = { ...DEFAULTS, clock: systemClock, ...options }
    const { stores, apiPrefix, mediaUrl, clock, libravatar } = settings
    const paths = { mediaUrl, placeholderUrl: `${mediaUrl}placeholders/` }
    const shown = { lookup: createAvatarLookup(stores.users), paths }

    await app.register(errorAnswers)
    await app.register(rateLimits, { enabled: settings.rateLimit })
    await app.register(housekeeping, {
      ...stores,
      graceMs: settings.sweepGraceMs,
      hashEmails: libravatar,
      clock
    })
    const decoders = openDecoders(app, settings)
    const variants = createVariants({ media: stores.media, decoders, log: app.log })
    await app.register(media, { folder: settings.avatarFolder, mediaUrl, variants })
    await app.register(placeholders, { urlPrefix: paths.placeholderUrl })
    if (libravatar) await app.register(avatarByEmail, shown)
    await app.register(
      async (api) => {
        await api.register(auth, {
          secret: settings.jwtSecret,
          users: stores.users,
          sessionStore: stores.sessions,
          clock,
          accessTtlSeconds: settings.accessTtlSeconds,
          refreshTtlSeconds: settings.refreshTtlSeconds,
          refreshRotation: settings.refreshRotation,
          reuseGraceMs: settings.reuseGraceMs
        })
        setValidation(api)
        setSerialisation(api)
        const services = {
          ...createServices(api, settings, decoders),
          ...shown,
          present: createPresenter(mediaUrl),
          signUpOpen: settings.signUpOpen,
          avatarMaxBytes: settings.avatarMaxBytes
        }
        await registerRoutes(api, services, settings)
      },
      { prefix: apiPrefix }
    )
  },
  { name: 'user-profile', fastify: '5.x', encapsulate: true }
)

async function registerRoutes(
  api: FastifyInstance,
  services: RouteOptions,
  { uploadFolder, uploadTimeoutMs, clock, avatarById: byId }: Settings
): Promise<void> {
  const methods = collectMethods(api)
  await api.register(async (scope) => {
    addBodyParsers(scope)
    await scope.register(uploads, { folder: uploadFolder, timeoutMs: uploadTimeoutMs, clock })
    for (const route of [
      profileUpdate,
      passwordChange,
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
    for (const route of [profileRead, profileDelete, signOutEverywhere]) await scope.register(route, services)
    if (byId) await scope.register(avatarById, services)
    methods.refuseOthers(scope)
  })
}
