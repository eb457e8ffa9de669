import type { FastifyInstance } from 'fastify'
import { createCircuitBreaker } from '../../src/limits/circuit-breaker.ts'
import type { Limits } from '../../src/limits/limits.ts'
import { shareLimits } from '../../src/limits/shared-limits.ts'
import type { Log } from '../../src/log.ts'
import type { RedisClient } from '../../src/stores/redis/redis-client.ts'
import { createRedisLimits } from '../../src/stores/redis/redis-limits.ts'
import { redisReason } from '../../src/stores/redis/redis-reason.ts'

/** Counts in Redis, and while that is away in `own`. Both turns are logged, once each. */
export async function shareInRedis(
  app: FastifyInstance,
  own: Limits,
  { redis, name, log }: { redis: RedisClient; name: string; log: Log }
): Promise<Limits> {
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
