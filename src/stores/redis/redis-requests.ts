import type { RequestCounter } from '../../limits/limits.ts'
import type { RedisClient } from './redis-client.ts'
import { redisScript } from './redis-script.ts'

/** One key: in a cluster, counts are spread over all of it. */
const ADD = redisScript(`
local count = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  left = tonumber(ARGV[1])
  redis.call('PEXPIRE', KEYS[1], left)
end
return {count, left}
`)

/** Counts requests under keys that begin with `prefix`, by Redis's clock. */
export const createRedisRequests = (
  client: RedisClient,
  prefix: string,
  windowMs: number
): RequestCounter => ({
  async add(key) {
    const [count, leftMs] = numbersOf(await ADD(client, [prefix + key], [windowMs]))
    return { count, leftMs }
  }
})

function numbersOf(reply: unknown): [count: number, leftMs: number] {
  if (Array.isArray(reply)) {
    const [count, leftMs] = reply
    if (Number.isInteger(count) && Number.isInteger(leftMs)) return [count, leftMs]
  }
  throw new Error('Redis answered what is no count')
}
