import type { TObject } from '@sinclair/typebox'
import type { FastifyRegisterOptions, FastifyRequest } from 'fastify'
import type { ProfileOf } from '../../routes/schemas/profile-fields.ts'
import type { AdminStore } from '../../src/admin/admin-store.ts'
import type { AuditLog } from '../../src/admin/audit-log.ts'
import type { MediaStore } from '../../src/avatars/media-store.ts'
import { type Clock, systemClock } from '../../src/clock.ts'
import { DEFAULTS } from '../../src/defaults.ts'
import type { IdentityStore } from '../../src/identity/identity-store.ts'
import type { JwksOptions } from '../../src/identity/jwks-options.ts'
import {
  aBoolean,
  aConnection,
  aFolderPath,
  aFunction,
  aNumber,
  anObject,
  aPath,
  aPort,
  aSecret,
  aText,
  checkOptions,
  givenOptions,
  type OptionRule,
  someLimits
} from '../../src/options/check-options.ts'
import { OptionError } from '../../src/options/option-error.ts'
import type { RateLimit, RateLimitKind } from '../../src/rate-limits.ts'
import type { RedisClient } from '../../src/stores/redis/redis-client.ts'
import { noTelemetry, type Telemetry } from '../../src/telemetry/telemetry.ts'
import type { SessionStore } from '../../src/tokens/session-store.ts'
import type { ProfileStore, UserStore } from '../../src/users/user-store.ts'
import { checkJwks, checkStores, needsIdentities } from '../tokens/check-identity-options.ts'
import type { LifecycleHooks } from './lifecycle-hooks.ts'

/** Accounts that sign in here, and get our HS256 tokens. */
export interface OwnTokens {
  /** The key of the tokens, at least 32 characters (RFC 7518, 3.2). */
  jwtSecret: string
  /**
   * Where users and sessions are kept, and with `admin` what administrators look at and what they do. Whoever opened them closes
   * them. @default SQLite at `databasePath`
   */
  stores?: { users: UserStore; sessions: SessionStore; admin?: AdminStore; audit?: AuditLog }
  /** Whether staff and superusers may look at users and act upon them, below `admin/`. @default false */
  admin?: boolean
  /** Whether strangers may make accounts. @default true */
  signUpOpen?: boolean
  /** How long an access token is good, in seconds, at least 1. @default 86400 */
  accessTtlSeconds?: number
  /** How long a refresh token is good, in seconds, at least 1. @default 1209600 */
  refreshTtlSeconds?: number
  /** Whether a refresh token works once, and its answer brings the next one. @default true */
  refreshRotation?: boolean
  /** How long after its first use a refresh token may be used again, in milliseconds, 0 to 3600000. @default 10000 */
  reuseGraceMs?: number
}

/** Users who sign in elsewhere in the host app: there are no routes for signing up or in, tokens and passwords. */
export interface HostAuthentication {
  /**
   * Answers the id of the user who sends a request; undefined for nobody, which is answered with 401. What it throws is
   * answered in the interface's shape, with its `statusCode`. Runs before the body is read.
   */
  authenticate(request: FastifyRequest): UserIdLike | undefined | Promise<UserIdLike | undefined>
  /** Where profiles are kept. Whoever opened them closes them. @default SQLite at `databasePath` */
  stores?: { users: ProfileStore }
}

/** A user's id, a positive integer, as a number or its decimal text. */
export type UserIdLike = number | string

/**
 * Users of an identity provider, who come with its access tokens: there are no routes for signing up or in, tokens and
 * passwords.
 */
export interface ExternalTokens {
  /** How the tokens are verified, and whose they are. */
  jwks: JwksOptions
  /**
   * Where profiles are kept, and who users are at the provider, which `claims.userId` does without. Whoever opened them
   * closes them. @default SQLite at `databasePath`
   */
  stores?: { users: ProfileStore; identities?: IdentityStore }
}

/** A host that adds no fields. */
export type NoFields = TObject<Record<never, never>>

export interface CommonOptions<Fields extends TObject = NoFields> extends LifecycleHooks<ProfileOf<Fields>> {
  /**
   * What profiles have besides: an object of TypeBox's. Each field is validated, kept as JSON, taken by sign-ups and updates,
   * and shown wherever a user is. @default none
   */
  profileFields?: Fields
  /** The SQLite file of the users; made with its folder where missing. @default './data/profile.db' */
  databasePath?: string
  /** The folder of the pictures; made where missing. @default './media' */
  mediaRoot?: string
  /** Where pictures are kept instead of in `mediaRoot`. */
  media?: MediaStore
  /**
   * A private folder for uploads on their way. @default '.uploads' in `mediaRoot`; with `media`, a new folder among the
   * system's temporary files
   */
  uploadFolder?: string
  /** The path in front of every route but those of pictures. @default '/api', or '' where the plugin has a `prefix` */
  apiPrefix?: string
  /** The path in front of pictures, with slashes at both ends; all below it is served here. @default '/media/' */
  mediaUrl?: string
  /** Limits on requests by client address and by user, and on wrong passwords by account and address. @default true */
  rateLimit?: boolean
  /** Requests a minute that differ from the usual limits, such as `{ signIn: { address: 300 } }`. @default none */
  rateLimits?: Partial<Record<RateLimitKind, Partial<RateLimit>>>
  /**
   * A client of Redis, such as ioredis's, in which all nodes that have it count together what `rateLimit` limits. Whoever
   * opened it closes it. While it is away each node counts by itself. @default none: each node counts by itself
   */
  redis?: RedisClient
  /** How long a multipart body may take to arrive, in milliseconds, 1000 to 3600000. @default 120000 */
  uploadTimeoutMs?: number
  /** Bytes of an uploaded picture, 1024 to 1073741824. @default 10485760 */
  avatarMaxBytes?: number
  /** Width times height of an uploaded picture, 1024 to 268402689. @default 50000000 */
  avatarMaxPixels?: number
  /** Pixels of the stored picture's longer side, 16 to 2048. @default 512 */
  avatarMaxSide?: number
  /** Frames of an uploaded animation, 1 to 100000. @default 1000 */
  avatarMaxFrames?: number
  /** Width times height times frames up to which an animation stays one; 0: none does. @default 25000000 */
  avatarAnimationMaxPixels?: number
  /** Processor time that one picture may take to decode, in milliseconds, 1000 to 3600000. @default 10000 */
  avatarDecodeTimeoutMs?: number
  /** Pictures decoded at once, each in a process of its own, 1 to 256. @default 2 */
  avatarDecoders?: number
  /** Pictures that may wait for that; past it requests get 503. 0 to 100000. @default 256 */
  avatarQueue?: number
  /** Whether everybody may see a user's picture by the user's id. @default true */
  avatarById?: boolean
  /**
   * Whether everybody may see a user's picture by the hash of the email; reveals who has an account. Stores that are handed
   * in have to keep hashes. @default false
   */
  libravatar?: boolean
  /** Whether `openapi.json`, and `docs` to read and try it, are served below the prefix. @default false */
  docs?: boolean
  /**
   * Whether a page for people's own accounts is served at `account` below the prefix; only where accounts sign in here.
   * @default false
   */
  pages?: boolean
  /** Age from which a picture that no user refers to is deleted, in milliseconds, at least 60000. @default 3600000 */
  sweepGraceMs?: number
  /** @default the system's */
  clock?: Clock
  /** Who is told of decodes, refused sign-ins and queues; of what stores do, whoever opened them tells. @default nobody */
  telemetry?: Partial<Telemetry>
}

export type UserProfileOptions<Fields extends TObject = NoFields> = CommonOptions<Fields> &
  (OwnTokens | ExternalTokens | HostAuthentication)

/**
 * Options whose hooks are typed by their `profileFields`: `app.register(userProfile, defineOptions({ … }))`.
 */
export const defineOptions = <Fields extends TObject>(
  options: UserProfileOptions<Fields> & FastifyRegisterOptions<unknown>
): UserProfileOptions & FastifyRegisterOptions<unknown> => options as never

/** What each option takes; all are named here. */
export const OPTION_RULES: {
  [Name in keyof (CommonOptions & OwnTokens & ExternalTokens & HostAuthentication)]-?: OptionRule
} = {
  jwtSecret: aSecret,
  jwks: anObject,
  authenticate: aFunction,
  stores: aPort(),
  databasePath: aText,
  mediaRoot: aText,
  media: aPort('put', 'putVariant', 'read', 'has', 'delete', 'list'),
  uploadFolder: aText,
  apiPrefix: aPath,
  mediaUrl: aFolderPath,
  signUpOpen: aBoolean,
  admin: aBoolean,
  rateLimit: aBoolean,
  rateLimits: someLimits,
  redis: aConnection('evalsha', 'eval'),
  accessTtlSeconds: aNumber('accessTtlSeconds'),
  refreshTtlSeconds: aNumber('refreshTtlSeconds'),
  refreshRotation: aBoolean,
  reuseGraceMs: aNumber('reuseGraceMs'),
  uploadTimeoutMs: aNumber('uploadTimeoutMs'),
  avatarMaxBytes: aNumber('avatarMaxBytes'),
  avatarMaxPixels: aNumber('avatarMaxPixels'),
  avatarMaxSide: aNumber('avatarMaxSide'),
  avatarMaxFrames: aNumber('avatarMaxFrames'),
  avatarAnimationMaxPixels: aNumber('avatarAnimationMaxPixels'),
  avatarDecodeTimeoutMs: aNumber('avatarDecodeTimeoutMs'),
  avatarDecoders: aNumber('avatarDecoders'),
  avatarQueue: aNumber('avatarQueue'),
  avatarById: aBoolean,
  libravatar: aBoolean,
  docs: aBoolean,
  pages: aBoolean,
  sweepGraceMs: aNumber('sweepGraceMs'),
  clock: aPort('now'),
  telemetry: anObject,
  profileFields: () => undefined,
  onSignUp: aFunction,
  onProfileUpdate: aFunction,
  onAvatarChange: aFunction,
  onDelete: aFunction
}

/** Ways to know who sends a request, of which there has to be one. */
const IDENTITIES = ['jwtSecret', 'jwks', 'authenticate'] as const

/** The options with what is not given filled in. */
export type Settings = Readonly<typeof DEFAULTS> &
  Omit<CommonOptions, 'telemetry'> & { clock: Clock; telemetry: Telemetry } & Omit<
    Partial<OwnTokens & ExternalTokens & HostAuthentication>,
    'stores'
  > & {
    stores?: {
      users: ProfileStore | UserStore
      sessions?: SessionStore
      identities?: IdentityStore
      admin?: AdminStore
      audit?: AuditLog
    }
  }

/**
 * Checks the options of a registration and fills in what is not given.
 * @param prefix what the plugin was registered with
 * @throws {OptionError}
 */
export function readOptions(options: UserProfileOptions, prefix: string): Settings {
  checkOptions(options, OPTION_RULES)
  const identities = IDENTITIES.filter((name) => Reflect.get(options, name) !== undefined)
  if (identities.length !== 1)
    throw new OptionError(
      identities[0] ?? 'jwtSecret',
      `exactly one of ${IDENTITIES.join(', ')} has to be given, not ${identities.length}`
    )
  const jwks = 'jwks' in options ? options.jwks : undefined
  if (jwks) checkJwks(jwks)
  const keepAccounts = identities[0] === 'jwtSecret'
  const isAdministered = Reflect.get(options, 'admin') === true
  if (isAdministered && !keepAccounts)
    throw new OptionError('admin', 'administrators sign in here: jwtSecret has to be given')
  if (options.stores)
    checkStores(options.stores, { keepAccounts, keepIdentities: needsIdentities(jwks), isAdministered })
  const settings: Settings = {
    ...DEFAULTS,
    ...(prefix !== '' && { apiPrefix: '' }),
    clock: systemClock,
    ...givenOptions(options),
    telemetry: { ...noTelemetry, ...options.telemetry }
  }
  if (settings.mediaUrl === `${settings.apiPrefix}/`)
    throw new OptionError('mediaUrl', 'expected another path than apiPrefix has')
  return settings
}
