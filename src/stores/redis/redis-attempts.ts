import { randomUUID } from 'node:crypto'
import type { AttemptCounter, AttemptLimits } from '../../limits/limits.ts'
import type { RedisClient } from './redis-client.ts'
import { redisScript } from './redis-script.ts'

/**
 * A window is a hash: `n` failures, and `w`, which tells it from later windows of the same key. It is gone when it ends.
 * KEYS: account, address. ARGV: the most of each, the window's length, an id for windows that begin now.
 */
const BEGIN = redisScript(`
local wait = 0
for i = 1, 2 do
  if tonumber(redis.call('HGET', KEYS[i], 'n') or 0) >= tonumber(ARGV[i]) then
    wait = math.max(wait, redis.call('PTTL', KEYS[i]), 1)
  end
end
if wait > 0 then return {wait} end
local begun = {0}
for i = 1, 2 do
  if redis.call('HSETNX', KEYS[i], 'w', ARGV[4]) == 1 then redis.call('PEXPIRE', KEYS[i], ARGV[3]) end
  redis.call('HINCRBY', KEYS[i], 'n', 1)
  begun[i + 1] = redis.call('HGET', KEYS[i], 'w')
end
return begun
`)

/** KEYS: account, address. ARGV: their windows, whether the attempt succeeded. */
const END = redisScript(`
local function take_back(i)
  if redis.call('HGET', KEYS[i], 'w') ~= ARGV[i] then return end
  if redis.call('HINCRBY', KEYS[i], 'n', -1) < 1 then redis.call('DEL', KEYS[i]) end
end
if ARGV[3] == 'succeeded' then redis.call('DEL', KEYS[1]) else take_back(1) end
take_back(2)
`)

/**
 * Counts failed attempts under keys that begin with `prefix`, by Redis's clock. The two of an attempt change in one step, so
 * in a cluster they are of one slot: their prefix has to have a hash tag.
 */
export function createRedisAttempts(
  client: RedisClient,
  prefix: string,
  { maxPerAccount, maxPerAddress, windowMs }: AttemptLimits
): AttemptCounter {
  return {
    async begin({ account, address }) {
      const keys = [`${prefix}account:${account}`, `${prefix}address:${address}`]
      const reply = await BEGIN(client, keys, [maxPerAccount, maxPerAddress, windowMs, randomUUID()])
      const [waitMs, ...windows]: unknown[] = Array.isArray(reply) ? reply : []
      if (typeof waitMs === 'number' && waitMs > 0) return { waitMs }
      const [ofAccount, ofAddress] = windows
      if (typeof ofAccount !== 'string' || typeof ofAddress !== 'string')
        throw new Error('Redis answered what is no attempt')
      const end = async (how: 'succeeded' | 'abandoned') => {
        await END(client, keys, [ofAccount, ofAddress, how])
      }
      return { succeed: () => end('succeeded'), abandon: () => end('abandoned') }
    }
  }
}
