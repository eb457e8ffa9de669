import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { ConfigError, reasonOf } from './config-error.ts'
import { DEFAULTS, RANGES } from './defaults.ts'
import { errorCode } from './error-code.ts'
import type { JwksOptions } from './identity/jwks-options.ts'
import { readJwks } from './jwks-setting.ts'
import { readMediaSetting } from './media-setting.ts'
import type { MetricsSetting } from './metrics-setting.ts'
import type { RateLimit, RateLimitKind } from './rate-limits.ts'
import {
  checkAddressRange,
  checkOrigin,
  readDatabaseUrl,
  readPath,
  readRateLimits,
  readRedisUrl
} from './setting-values.ts'
import { type DatabaseSetting, type MediaSetting, POSTGRES_DEFAULTS } from './store-settings.ts'
import { findSecret, readOrCreateSecret } from './tokens/jwt-secret.ts'
import { readTracing, type TracingSetting } from './tracing-setting.ts'

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** The service's settings, checked. Durations of tokens are in seconds, others as their names say. */
export interface Config {
  host: string
  port: number
  apiPrefix: string
  database: DatabaseSetting
  /** The folder of uploads on their way and, unless they are kept elsewhere, of the pictures. */
  mediaRoot: string
  mediaStore: MediaSetting
  /** Where nodes count requests and wrong passwords together; undefined where each does by itself. */
  redisUrl: string | undefined
  mediaUrl: string
  /** The key of our own tokens; undefined where they are an identity provider's. */
  jwtSecret: string | undefined
  /** The identity provider whose tokens are taken instead. */
  jwks: JwksOptions | undefined
  accessTtlSeconds: number
  refreshTtlSeconds: number
  refreshRotation: boolean
  reuseGraceMs: number
  signUpOpen: boolean
  rateLimit: boolean
  /** Requests a minute that differ from the usual limits. */
  rateLimits: Partial<Record<RateLimitKind, Partial<RateLimit>>>
  sweepGraceMs: number
  trustProxy: string[]
  corsOrigins: string[]
  uploadTimeoutMs: number
  avatarMaxBytes: number
  avatarMaxPixels: number
  avatarMaxSide: number
  avatarMaxFrames: number
  avatarAnimationMaxPixels: number
  avatarDecodeTimeoutMs: number
  avatarDecoders: number
  avatarQueue: number
  avatarById: boolean
  libravatar: boolean
  docs: boolean
  pages: boolean
  /** Whether there is an interface of administrators. */
  admin: boolean
  logLevel: (typeof LOG_LEVELS)[number]
  shutdownTimeoutMs: number
  /** How long after SIGTERM requests are still taken while `/health/ready` says no. */
  drainDelayMs: number
  /** Where Prometheus asks for numbers; undefined for nowhere. */
  metrics: MetricsSetting | undefined
  /** Whose spans are sent where the environment says; undefined for none. */
  tracing: TracingSetting | undefined
  /** How long a body that is no upload may take to arrive. */
  bodyTimeoutMs: number
  /** Connections at once; past them new ones are closed. */
  maxConnections: number
  /** How late the event loop may be before requests are refused; 0 for any. */
  maxEventLoopDelayMs: number
  /** Who is made a superuser at a start where there is none. */
  firstAdmin: FirstAdmin | undefined
}

export interface FirstAdmin {
  username: string
  email: string
  /** A file that holds the password. */
  passwordFile: string
}

/** All but the secret, which is made where there is none. */
export type Settings = Omit<Config, 'jwtSecret'>

type Environment = Record<string, string | undefined>

const MIN_SECRET_CHARACTERS = 32
const SECOND_MS = 1000

/**
 * Reads the settings from the environment and, for what it doesn't set, from `.env` in the working folder.
 * An empty value counts as unset.
 * @throws {ConfigError}
 */
export const readConfig = (environment: Environment = process.env, folder = process.cwd()): Config =>
  readWithSecret(environment, folder, readOrCreateSecret)

/**
 * As `readConfig` does for the service, but beside it: a secret that is not there is not made.
 * @throws {ConfigError}
 */
export function readConfigBesideService(
  environment: Environment = process.env,
  folder = process.cwd()
): Config & { jwtSecret: string } {
  const { jwtSecret, ...settings } = readWithSecret(environment, folder, findSecret)
  if (jwtSecret !== undefined) return { ...settings, jwtSecret }
  throw new ConfigError('JWKS_URL', 'tokens are the identity provider’s; there are none of ours')
}

/** Reading them leaves no file behind. @throws {ConfigError} */
export const readSettings = (environment: Environment = process.env, folder = process.cwd()): Settings =>
  settingsFrom(openEnvironment(environment, folder), folder, environment)

/** The same with other values for some of them. @throws {ConfigError} */
export const readSettingsWith = (values: Environment, environment: Environment = process.env): Settings =>
  readSettings({ ...environment, ...values })

function settingsFrom(
  get: (name: string) => string | undefined,
  folder: string,
  environment: Environment
): Settings {
  const integer = (name: string, fallback: number, min: number, max: number): number => {
    const text = get(name) ?? String(fallback)
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (value >= min && value <= max) return value
    throw new ConfigError(name, `expected a whole number from ${min} to ${max}, not "${text}"`)
  }
  /** @param unit what one of the setting is in the option's unit */
  const ranged = (name: string, option: keyof typeof RANGES, unit = 1): number => {
    const [min, max] = RANGES[option]
    return integer(name, DEFAULTS[option] / unit, Math.ceil(min / unit), max / unit) * unit
  }
  const seconds = (name: string, fallbackMs: number, max: number): number =>
    integer(name, fallbackMs / SECOND_MS, 1, max) * SECOND_MS
  const oneOf = <T extends string>(name: string, values: readonly T[], fallback: T): T => {
    const text = get(name) ?? fallback
    const value = values.find((one) => one === text)
    if (value !== undefined) return value
    throw new ConfigError(name, `expected one of ${values.join(', ')}, not "${text}"`)
  }
  const isOn = (name: string, fallback: boolean): boolean =>
    oneOf(name, ['on', 'off'], fallback ? 'on' : 'off') === 'on'
  const list = (name: string, check?: (item: string) => void): string[] => {
    const items = (get(name) ?? '').split(',').flatMap((item) => item.trim() || [])
    for (const item of items) check?.(item)
    return items
  }
  const apiPrefix = readPath('API_PREFIX', get('API_PREFIX') ?? DEFAULTS.apiPrefix).replace(/\/$/, '')
  const mediaUrl = `${readPath('MEDIA_URL', get('MEDIA_URL') ?? DEFAULTS.mediaUrl).replace(/\/$/, '')}/`
  if (mediaUrl === `${apiPrefix}/`)
    throw new ConfigError('MEDIA_URL', `expected another path than API_PREFIX has, not "${mediaUrl}"`)
  const mediaRoot = resolve(folder, get('MEDIA_ROOT') ?? './media')
  return {
    host: get('HOST') ?? '127.0.0.1',
    port: integer('PORT', 8000, 0, 65_535),
    apiPrefix,
    database: readDatabaseUrl(get('DATABASE_URL') ?? 'sqlite:./data/profile.db', folder, {
      poolSize: integer('DATABASE_POOL_SIZE', POSTGRES_DEFAULTS.poolSize, 1, 1000),
      connectTimeoutMs: seconds('DATABASE_CONNECT_TIMEOUT', POSTGRES_DEFAULTS.connectTimeoutMs, 300),
      statementTimeoutMs: seconds('DATABASE_STATEMENT_TIMEOUT', POSTGRES_DEFAULTS.statementTimeoutMs, 3600)
    }),
    mediaRoot,
    mediaStore: readMediaSetting(get, mediaRoot),
    redisUrl: readRedisUrl(get('REDIS_URL')),
    mediaUrl,
    accessTtlSeconds: ranged('ACCESS_TOKEN_LIFETIME', 'accessTtlSeconds'),
    refreshTtlSeconds: ranged('REFRESH_TOKEN_LIFETIME', 'refreshTtlSeconds'),
    refreshRotation: isOn('REFRESH_ROTATION', DEFAULTS.refreshRotation),
    reuseGraceMs: ranged('REFRESH_REUSE_GRACE', 'reuseGraceMs', SECOND_MS),
    signUpOpen: oneOf('SIGN_UP', ['open', 'closed'], 'open') === 'open',
    rateLimit: isOn('RATE_LIMIT', DEFAULTS.rateLimit),
    rateLimits: readRateLimits(list('RATE_LIMITS')),
    sweepGraceMs: ranged('MEDIA_SWEEP_GRACE', 'sweepGraceMs', SECOND_MS),
    trustProxy: list('TRUST_PROXY', checkAddressRange),
    corsOrigins: list('CORS_ORIGINS', checkOrigin),
    uploadTimeoutMs: ranged('UPLOAD_TIMEOUT', 'uploadTimeoutMs', SECOND_MS),
    avatarMaxBytes: ranged('AVATAR_MAX_BYTES', 'avatarMaxBytes'),
    avatarMaxPixels: ranged('AVATAR_MAX_PIXELS', 'avatarMaxPixels'),
    avatarMaxSide: ranged('AVATAR_MAX_SIDE', 'avatarMaxSide'),
    avatarMaxFrames: ranged('AVATAR_MAX_FRAMES', 'avatarMaxFrames'),
    avatarAnimationMaxPixels: ranged('AVATAR_ANIMATION_MAX_PIXELS', 'avatarAnimationMaxPixels'),
    avatarDecodeTimeoutMs: ranged('AVATAR_DECODE_TIMEOUT', 'avatarDecodeTimeoutMs', SECOND_MS),
    avatarDecoders: ranged('AVATAR_DECODERS', 'avatarDecoders'),
    avatarQueue: ranged('AVATAR_QUEUE', 'avatarQueue'),
    avatarById: isOn('AVATAR_BY_ID', DEFAULTS.avatarById),
    libravatar: isOn('LIBRAVATAR', DEFAULTS.libravatar),
    docs: isOn('API_DOCS', true),
    pages: isOn('PAGES', true),
    admin: readAdmin(get, isOn),
    logLevel: oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
    shutdownTimeoutMs: integer('SHUTDOWN_TIMEOUT', 10, 1, 86_400) * SECOND_MS,
    drainDelayMs: integer('DRAIN_DELAY', 0, 0, 3600) * SECOND_MS,
    metrics:
      get('METRICS_PORT') === undefined
        ? undefined
        : { host: get('METRICS_HOST') ?? '127.0.0.1', port: integer('METRICS_PORT', 0, 0, 65_535) },
    tracing: readTracing(get, environment),
    bodyTimeoutMs: integer('BODY_TIMEOUT', 30, 1, 3600) * SECOND_MS,
    maxConnections: integer('MAX_CONNECTIONS', 10_000, 1, 1_000_000),
    maxEventLoopDelayMs: integer('MAX_EVENT_LOOP_DELAY', 500, 0, 60_000),
    jwks: readJwks(get, isOn('AUTO_PROVISION', false)),
    firstAdmin: readFirstAdmin(get, folder)
  }
}

/** Administrators sign in as everybody does, so there are none where people sign in elsewhere. */
function readAdmin(
  get: (name: string) => string | undefined,
  isOn: (name: string, fallback: boolean) => boolean
): boolean {
  const signInHere = get('JWKS_URL') === undefined
  const isAdministered = isOn('ADMIN_API', signInHere)
  if (isAdministered && !signInHere)
    throw new ConfigError('ADMIN_API', 'where JWKS_URL is set nobody signs in here')
  return isAdministered
}

function readFirstAdmin(get: (name: string) => string | undefined, folder: string): FirstAdmin | undefined {
  if (get('ADMIN_PASSWORD') !== undefined)
    throw new ConfigError('ADMIN_PASSWORD', 'put it into a file, and set ADMIN_PASSWORD_FILE to its path')
  if (get('ADMIN_EMAIL') !== undefined && get('JWKS_URL') !== undefined)
    throw new ConfigError('ADMIN_EMAIL', 'where JWKS_URL is set nobody signs in with a password')
  const email = get('ADMIN_EMAIL')
  const passwordFile = get('ADMIN_PASSWORD_FILE')
  const username = get('ADMIN_USERNAME')
  if (email !== undefined && passwordFile !== undefined)
    return { username: username ?? 'admin', email, passwordFile: resolve(folder, passwordFile) }
  const given = Object.entries({
    ADMIN_EMAIL: email,
    ADMIN_PASSWORD_FILE: passwordFile,
    ADMIN_USERNAME: username
  })
  const [alone] = given.find(([, value]) => value !== undefined) ?? []
  if (alone === undefined) return undefined
  throw new ConfigError(
    email === undefined ? 'ADMIN_EMAIL' : 'ADMIN_PASSWORD_FILE',
    `has to be set where ${alone} is`
  )
}

/** What a setting is: in the environment, or else in the file `.env` of the folder. Undefined where empty. */
function openEnvironment(environment: Environment, folder: string): (name: string) => string | undefined {
  const file = readEnvFile(join(folder, '.env'))
  return (name) => environment[name]?.trim() || file[name]?.trim() || undefined
}

function readEnvFile(path: string): Environment {
  try {
    return parseEnv(readFileSync(path, 'utf8'))
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {}
    throw new ConfigError('.env', `can't be read: ${reasonOf(error)}`)
  }
}

type SecretReader = (path: string) => string | undefined

function readWithSecret(environment: Environment, folder: string, readFile: SecretReader): Config {
  const get = openEnvironment(environment, folder)
  const settings = settingsFrom(get, folder, environment)
  // Last, because it may write a file: other settings that are wrong leave nothing behind.
  const jwtSecret = settings.jwks ? undefined : readSecret(get('JWT_SECRET'), settings.database, readFile)
  return { ...settings, jwtSecret }
}

function readSecret(secret: string | undefined, database: DatabaseSetting, readFile: SecretReader): string {
  const path = secretBeside(database)
  if (secret === undefined && path === undefined) {
    const where = database.kind === 'sqlite' ? 'the database is :memory:' : 'the database is PostgreSQL’s'
    throw new ConfigError('JWT_SECRET', `has to be set where ${where}`)
  }
  const used = secret ?? readSecretFile(path ?? '', readFile)
  if (used.length >= MIN_SECRET_CHARACTERS) return used
  const where = secret === undefined ? ` in ${path}` : ''
  const expected = `expected at least ${MIN_SECRET_CHARACTERS} characters, not ${used.length}`
  throw new ConfigError('JWT_SECRET', expected + where)
}

/** The file of a secret that is not set: nodes that share a server have none in common. */
const secretBeside = (database: DatabaseSetting): string | undefined =>
  database.kind === 'sqlite' && database.path !== ':memory:'
    ? join(dirname(database.path), 'jwt-secret')
    : undefined

function readSecretFile(path: string, readFile: SecretReader): string {
  try {
    const secret = readFile(path)
    if (secret !== undefined) return secret
  } catch (error) {
    throw new ConfigError('JWT_SECRET', `is unset, and can't be kept in ${path}: ${reasonOf(error)}`)
  }
  throw new ConfigError(
    'JWT_SECRET',
    `is unset, and there is no ${path} yet, which the service makes at its first start`
  )
}
