import { BlockList, isIP } from 'node:net'
import { resolve } from 'node:path'
import { ConfigError } from './config-error.ts'
import { isOfUsers, isRateLimitKind, RATE_LIMITS, type RateLimit, type RateLimitKind } from './rate-limits.ts'
import type { DatabaseSetting, PostgresSetting } from './store-settings.ts'

/** `sqlite:` with the path of a file or `:memory:`, or the URL of a PostgreSQL server. @throws {ConfigError} */
export function readDatabaseUrl(
  url: string,
  folder: string,
  limits: Omit<PostgresSetting, 'kind' | 'url'>
): DatabaseSetting {
  if (/^postgres(?:ql)?:\/\//.test(url)) return { kind: 'postgres', url, ...limits }
  const path = /^sqlite:(?:\/\/(?=\/))?(.+)$/.exec(url)?.[1]
  if (path === undefined) {
    throw new ConfigError(
      'DATABASE_URL',
      `expected sqlite:<path of a file> or postgres://<user>:<password>@<host>/<database>, not "${withoutCredentials(url)}"`
    )
  }
  return { kind: 'sqlite', path: path === ':memory:' ? path : resolve(folder, path) }
}

/** The URL of a Redis server. @throws {ConfigError} */
export function readRedisUrl(url: string | undefined): string | undefined {
  if (url === undefined || /^rediss?:\/\/[^/]/.test(url)) return url
  throw new ConfigError(
    'REDIS_URL',
    `expected redis://<host>:<port> or rediss:// for TLS, not "${withoutCredentials(url)}"`
  )
}

/** A URL as it may be shown: without whoever's name and password. */
export function withoutCredentials(url: string): string {
  const [start, end] = [url.indexOf('//'), url.lastIndexOf('@')]
  return start < 0 || end < start ? url : `${url.slice(0, start)}//…${url.slice(end)}`
}

/** The path of a URL. @throws {ConfigError} */
export function readPath(name: string, path: string): string {
  if (/^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+\/?$/.test(path)) return path
  throw new ConfigError(name, `expected a path such as /api, not "${path}"`)
}

/** An address or a range of them. @throws {ConfigError} */
export function checkAddressRange(range: string): void {
  const [address = '', bits] = range.split('/')
  const version = isIP(address)
  const isRange = bits === undefined || /^\d{1,3}$/.test(bits)
  try {
    if (version === 0 || !isRange || Number(bits) === 0) throw new RangeError()
    if (bits !== undefined) new BlockList().addSubnet(address, Number(bits), version === 6 ? 'ipv6' : 'ipv4')
  } catch {
    throw new ConfigError('TRUST_PROXY', `expected addresses or ranges such as 10.0.0.0/8, not "${range}"`)
  }
}

/** A web page's origin, as browsers send it. @throws {ConfigError} */
export function checkOrigin(origin: string): void {
  if (/^https?:\/\//.test(origin) && URL.parse(origin)?.origin === origin) return
  throw new ConfigError('CORS_ORIGINS', `expected origins such as https://app.example.com, not "${origin}"`)
}

/** The limits of items such as `signIn=300` or `update=6000/600`: by address, and after a slash by user. @throws {ConfigError} */
export function readRateLimits(items: readonly string[]): Partial<Record<RateLimitKind, Partial<RateLimit>>> {
  const limits: Partial<Record<RateLimitKind, Partial<RateLimit>>> = {}
  for (const item of items) {
    const [, kind = '', address, user] = /^(\w+)=([1-9]\d{0,8})(?:\/([1-9]\d{0,8}))?$/.exec(item) ?? []
    if (!isRateLimitKind(kind) || (user && !isOfUsers(kind)))
      throw new ConfigError(
        'RATE_LIMITS',
        `expected requests a minute by address, after a slash by user where they bring a token, such as signIn=300,update=6000/600, of the kinds ${Object.keys(RATE_LIMITS).join(', ')}; not "${item}"`
      )
    limits[kind] = { address: Number(address), ...(user && { user: Number(user) }) }
  }
  return limits
}
