import type { Redis } from 'ioredis'
import { loadOptional } from '../../load-optional.ts'
import { StoreRefused } from '../../store-refused.ts'
import type { RedisClient } from './redis-client.ts'
import { redisReason } from './redis-reason.ts'

export interface OpenRedis extends RedisClient {
  close(): void
}

/** How long the start waits for the connection, and each try may take. */
const CONNECT_TIMEOUT_MS = 1000

/** A connection that owes an answer for longer is dead, and made anew. */
const SILENCE_MS = 2000

const MAX_RETRY_DELAY_MS = 2000

/** Whatever goes wrong, a command fails at once, and is never kept or sent again: who asks counts by himself meanwhile. */
const FAIL_AT_ONCE = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0
}

/**
 * A client that connects, for as long as it takes, by itself. That Redis is away is no error: commands reject meanwhile.
 * @param url `redis://` or, for TLS, `rediss://`, with user, password, port and number of the database where need be
 * @throws {StoreRefused} of a URL that is none; `ConfigError` where ioredis is not installed
 */
export async function openRedis(url: string): Promise<OpenRedis> {
  const server = readUrl(url)
  const { Redis } = await loadOptional('REDIS_URL', 'ioredis', () => import('ioredis'))
  const redis = new Redis({
    ...server,
    ...FAIL_AT_ONCE,
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SILENCE_MS,
    maxLoadingRetryTime: CONNECT_TIMEOUT_MS,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), MAX_RETRY_DELAY_MS),
    // After a failover the name leads to the new primary.
    reconnectOnError: ({ message }) => message.startsWith('READONLY'),
    connectionName: 'fastify-user-profile'
  })
  return failingWithReasons(redis, await connect(redis))
}

/** @returns what the connection last failed by */
async function connect(redis: Redis): Promise<() => Error | undefined> {
  let failure: Error | undefined
  redis.on('error', (error) => {
    failure = error
  })
  redis.on('ready', () => {
    failure = undefined
  })
  const given = Promise.withResolvers<void>()
  const timer = setTimeout(given.resolve, CONNECT_TIMEOUT_MS)
  await Promise.race([redis.connect().catch(() => {}), given.promise])
  clearTimeout(timer)
  return () => failure
}

function failingWithReasons(redis: Redis, failure: () => Error | undefined): OpenRedis {
  const explain = (error: unknown): never => {
    throw new Error(redisReason(error, failure()))
  }
  return {
    evalsha: (...sent) => redis.evalsha(...sent).catch(explain),
    eval: (...sent) => redis.eval(...sent).catch(explain),
    close: () => redis.disconnect()
  }
}

/** Parts of the URL; ioredis itself would take any of its options from the query. Errors don't show what was set. */
function readUrl(text: string) {
  const url = URL.parse(text)
  const [, db] = /^\/?(\d*)$/.exec(url?.pathname ?? '-') ?? []
  if (!url || url.hostname === '' || db === undefined || url.search !== '' || url.hash !== '')
    throw new StoreRefused(
      'REDIS_URL',
      'expected redis://<user>:<password>@<host>:<port>/<number of the database>'
    )
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || 6379),
    db: Number(db),
    ...credentialsOf(url),
    ...(url.protocol === 'rediss:' && { tls: {} })
  }
}

function credentialsOf({ username, password }: URL) {
  try {
    return {
      ...(username !== '' && { username: decodeURIComponent(username) }),
      ...(password !== '' && { password: decodeURIComponent(password) })
    }
  } catch {
    throw new StoreRefused('REDIS_URL', 'expected user and password percent-encoded')
  }
}
