import type { FastifyInstance } from 'fastify'
import type { Clock } from '../../src/clock.ts'
import type { Limits } from '../../src/limits/limits.ts'
import { createMemoryLimits } from '../../src/limits/memory-limits.ts'
import type { Log } from '../../src/log.ts'
import type { RedisClient } from '../../src/stores/redis/redis-client.ts'

export interface LimitsOptions {
  /** Where nodes count together; undefined where each does by itself. */
  redis: RedisClient | undefined
  /** The same in all nodes, and another for other users in the same Redis. */
  name: string
  clock: Clock
  log: Log
}

/** Where requests and wrong passwords are counted: in this process's memory, or with all who use one Redis. */
export async function openLimits(
  app: FastifyInstance,
  { redis, ...options }: LimitsOptions
): Promise<Limits> {
  const own = createMemoryLimits(options.clock)
  if (!redis) return own
  // Loaded by those who use it.
  const { shareInRedis } = await import('./share-in-redis.ts')
  return shareInRedis(app, own, { redis, ...options })
}
