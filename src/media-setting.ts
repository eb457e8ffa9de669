import { join } from 'node:path'
import { ConfigError } from './config-error.ts'
import { withoutCredentials } from './setting-values.ts'
import type { MediaSetting, S3Credentials, S3Delivery } from './store-settings.ts'

/** What a setting is; undefined where it is not set. */
type Get = (name: string) => string | undefined

const DELIVERIES = ['proxy', 'public', 'presigned'] as const

/** S3 takes keys of 1024 bytes, of which a picture's own name and its folder need 263. */
const MAX_PREFIX = 700

/** Of a presigned URL, in seconds; AWS takes a week. */
const LIFETIME = { byDefault: 3600, min: 60, max: 604_800 }

/** Settings that say nothing about a folder here. */
const OF_BUCKETS = [
  'MEDIA_DELIVERY',
  'MEDIA_PUBLIC_URL',
  'MEDIA_LINK_LIFETIME',
  'S3_ENDPOINT',
  'S3_PUBLIC_ENDPOINT',
  'S3_PATH_STYLE'
]

/** Where pictures are: in a bucket by `MEDIA_STORE`, or else in a folder here. @throws {ConfigError} */
export function readMediaSetting(get: Get, mediaRoot: string): MediaSetting {
  const store = get('MEDIA_STORE')
  if (store !== undefined) return readBucket(store, get)
  const alone = OF_BUCKETS.find((name) => get(name) !== undefined)
  if (alone !== undefined) throw new ConfigError(alone, 'is for pictures in a bucket; set MEDIA_STORE')
  return { kind: 'disk', folder: join(mediaRoot, 'avatars') }
}

function readBucket(store: string, get: Get): MediaSetting {
  const [, bucket, prefix = ''] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\w.-]+(?:\/[\w.-]+)*)?\/?)?$/.exec(store) ?? []
  if (bucket === undefined || prefix.length > MAX_PREFIX || prefix.split('/').some(isDots))
    throw new ConfigError(
      'MEDIA_STORE',
      `expected s3://<bucket>/<prefix>, not "${withoutCredentials(store)}"`
    )
  const endpoint = readServer('S3_ENDPOINT', get)
  const region = get('AWS_REGION')
  const credentials = readCredentials(get)
  return {
    kind: 's3',
    bucket,
    prefix: prefix === '' ? '' : `${prefix}/`,
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    pathStyle:
      (oneOf('S3_PATH_STYLE', ['on', 'off'], get) ?? (endpoint === undefined ? 'off' : 'on')) === 'on',
    ...(credentials && { credentials }),
    checksums:
      oneOf('AWS_REQUEST_CHECKSUM_CALCULATION', ['when_supported', 'when_required'], get) ?? 'when_supported',
    delivery: readDelivery(get)
  }
}

const isDots = (name: string) => name === '.' || name === '..'

/** Undefined where the SDK finds them: in its shared files, or by the machine's role. */
function readCredentials(get: Get): S3Credentials | undefined {
  const accessKeyId = get('AWS_ACCESS_KEY_ID')
  const secretAccessKey = get('AWS_SECRET_ACCESS_KEY')
  const sessionToken = get('AWS_SESSION_TOKEN')
  if (accessKeyId === undefined && secretAccessKey === undefined) return undefined
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new ConfigError(
      accessKeyId === undefined ? 'AWS_ACCESS_KEY_ID' : 'AWS_SECRET_ACCESS_KEY',
      'the key’s id and its secret have to be set together'
    )
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) }
}

function readDelivery(get: Get): S3Delivery {
  const kind = oneOf('MEDIA_DELIVERY', DELIVERIES, get) ?? 'proxy'
  const url = readServer('MEDIA_PUBLIC_URL', get)
  const endpoint = readServer('S3_PUBLIC_ENDPOINT', get)
  const lifetimeSeconds = readLifetime(get('MEDIA_LINK_LIFETIME'))
  refuseUnused(kind, 'public', 'MEDIA_PUBLIC_URL', get)
  refuseUnused(kind, 'presigned', 'S3_PUBLIC_ENDPOINT', get)
  refuseUnused(kind, 'presigned', 'MEDIA_LINK_LIFETIME', get)
  if (kind === 'proxy') return { kind }
  if (kind === 'presigned') return { kind, lifetimeSeconds, ...(endpoint !== undefined && { endpoint }) }
  if (url === undefined)
    throw new ConfigError('MEDIA_PUBLIC_URL', 'has to be set where MEDIA_DELIVERY is public')
  return { kind, url }
}

function refuseUnused(kind: string, expected: string, name: string, get: Get): void {
  if (kind !== expected && get(name) !== undefined)
    throw new ConfigError(name, `is for MEDIA_DELIVERY=${expected}, which is ${kind}`)
}

function readLifetime(text = String(LIFETIME.byDefault)): number {
  const seconds = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (seconds >= LIFETIME.min && seconds <= LIFETIME.max) return seconds
  throw new ConfigError(
    'MEDIA_LINK_LIFETIME',
    `expected a whole number from ${LIFETIME.min} to ${LIFETIME.max}, not "${text}"`
  )
}

/** A server's URL, without whoever's name and password in it, which would be shown around. */
function readServer(name: string, get: Get): string | undefined {
  const text = get(name)
  if (text === undefined) return undefined
  const url = URL.parse(text)
  const isServer =
    url && /^https?:$/.test(url.protocol) && url.username + url.password + url.search + url.hash === ''
  if (isServer) return text.replace(/\/$/, '')
  throw new ConfigError(
    name,
    `expected a URL such as https://s3.example.com, not "${withoutCredentials(text)}"`
  )
}

function oneOf<T extends string>(name: string, values: readonly T[], get: Get): T | undefined {
  const text = get(name)
  const value = values.find((one) => one === text?.toLowerCase())
  if (text === undefined || value !== undefined) return value
  throw new ConfigError(name, `expected one of ${values.join(', ')}, not "${text}"`)
}
