import type { FastifyInstance } from 'fastify'
import type { Clock } from '../../src/clock.ts'
import { createCircuitBreaker } from '../../src/limits/circuit-breaker.ts'
import type { Limits } from '../../src/limits/limits.ts'
import { createMemoryLimits } from '../../src/limits/memory-limits.ts'
import { shareLimits } from '../../src/limits/shared-limits.ts'
import type { Log } from '../../src/log.ts'
import type { RedisClient } from '../../src/stores/redis/redis-client.ts'

/**
 * Where requests and wrong passwords are counted: in Redis with all who use it, or in this process's memory.
 * @param name the same in all nodes, and another for other users
 */
export async function openLimits(
  app: FastifyInstance,
  { redis, name, clock, log }: { redis: RedisClient | undefined; name: string; clock: Clock; log: Log }
): Promise<Limits> {
  const own = createMemoryLimits(clock)
  if (!redis) return own
  // Loaded by those who use it.
  const { createRedisLimits } = await import('../../src/stores/redis/redis-limits.ts')
  const { redisReason } = await import('../../src/stores/redis/redis-reason.ts')
  const shared = createRedisLimits({ client: redis, name })
  const breaker = createCircuitBreaker({
    probe: () => shared.probe(),
    onLost: (error) =>
      log.warn({ reason: redisReason(error) }, 'Redis is away: until it is back each node limits by itself'),
    onBack: () => log.info({}, 'Redis is back: nodes limit together again')
  })
  app.addHook('onClose', async () => breaker.close())
  await breaker.check()
  return shareLimits(shared, own, breaker)
}
