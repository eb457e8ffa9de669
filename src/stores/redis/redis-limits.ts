import { ATTEMPT_LIMITS, type Limits } from '../../limits/limits.ts'
import { createRedisAttempts } from './redis-attempts.ts'
import type { RedisClient } from './redis-client.ts'
import { createRedisRequests } from './redis-requests.ts'

export interface RedisLimitsOptions {
  client: RedisClient
  /** Tells apart what is counted of different users in one Redis. */
  name: string
}

export interface RedisLimits extends Limits {
  /** Writes as counting does: it fails where only reading, or nothing, goes. */
  probe(): Promise<unknown>
}

/** Counts that all who use one Redis have in common; each key goes by itself when its window ends. */
export function createRedisLimits(
  { client, name }: RedisLimitsOptions,
  attemptLimits = ATTEMPT_LIMITS
): RedisLimits {
  const prefix = `fup:${name}:`
  const probe = createRedisRequests(client, prefix, 1000)
  return {
    countRequests: (of, windowMs) => createRedisRequests(client, `${prefix}${of}:`, windowMs),
    attempts: createRedisAttempts(client, `fup:{${name}:attempts}:`, attemptLimits),
    probe: () => probe.add('probe')
  }
}
