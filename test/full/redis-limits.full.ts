import { Cluster, Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { freePort } from '../../bench/harness/processes.ts'
import { createRedisLimits } from '../../src/stores/redis/redis-limits.ts'
import { limitsContract } from '../contracts/limits.ts'
import { eventually } from '../helper.ts'
import { startRedis } from './redis-server.ts'

/** Lets time go by for each key. */
async function advance(redis: Redis, milliseconds: number): Promise<void> {
  for (const key of await redis.keys('*')) {
    const left = await redis.pttl(key)
    if (left < 0) throw new Error(`${key} stays for ever`)
    await redis.pexpire(key, left - milliseconds)
  }
}

t.test('over Redis', async (t) => {
  const { url } = await startRedis(t)
  let serial = 0
  const openOver = async (t: Test) => {
    const redis = new Redis(url)
    t.teardown(() => redis.disconnect())
    await redis.flushall()
    return redis
  }

  limitsContract(t, async (t, attempts) => {
    const redis = await openOver(t)
    return {
      limits: createRedisLimits({ client: redis, name: `users ${serial++}` }, attempts),
      advance: (ms) => advance(redis, ms),
      kept: () => redis.dbsize()
    }
  })

  t.test(
    'keys tell users apart, hold no names, and are of one slot where they change together',
    async (t) => {
      const redis = await openOver(t)
      const limits = createRedisLimits({ client: redis, name: '/api' })
      await limits.countRequests('read:user', 60_000).add('7')
      await limits.attempts.begin({ account: 'A', address: 'B' })
      t.strictSame((await redis.keys('*')).sort(), [
        'fup:/api:read:user:7',
        'fup:{/api:attempts}:account:A',
        'fup:{/api:attempts}:address:B'
      ])
      const other = createRedisLimits({ client: redis, name: '/other' })
      t.equal((await other.countRequests('read:user', 60_000).add('7')).count, 1)
    }
  )

  t.test('scripts that Redis forgot are sent again', async (t) => {
    const redis = await openOver(t)
    const counter = createRedisLimits({ client: redis, name: '/api' }).countRequests('read', 60_000)
    await counter.add('a')
    await redis.script('FLUSH')
    t.equal((await counter.add('a')).count, 2)
    await redis.script('FLUSH')
    const counts = await Promise.all(Array.from({ length: 20 }, () => counter.add('a')))
    t.equal(Math.max(...counts.map(({ count }) => count)), 22, 'each counts once')
  })

  t.test('a prefix of the client’s is in front of every key', async (t) => {
    const redis = await openOver(t)
    const client = new Redis(url, { keyPrefix: 'mine:' })
    t.teardown(() => client.disconnect())
    const limits = createRedisLimits({ client, name: '/api' })
    await limits.countRequests('read', 60_000).add('a')
    await limits.attempts.begin({ account: 'A', address: 'B' })
    t.ok((await redis.keys('*')).every((key) => key.startsWith('mine:fup:')))
  })
})

t.test('over a cluster, which refuses a step on keys of several slots', async (t) => {
  const bus = ['--cluster-port', String(await freePort()), '--cluster-announce-ip', '127.0.0.1']
  const { url, port } = await startRedis(t, { args: ['--cluster-enabled', 'yes', ...bus] })
  const redis = new Redis(url)
  t.teardown(() => redis.disconnect())
  await redis.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383)
  await eventually('it serves', async () => String(await redis.cluster('INFO')).includes('cluster_state:ok'))
  const apart = redis.eval("return redis.call('DEL', KEYS[1], KEYS[2])", 2, 'a', 'b')
  await t.rejects(apart, { message: /CROSSSLOT/ })

  limitsContract(t, async (t, attempts) => {
    const cluster = new Cluster([{ host: '127.0.0.1', port }])
    t.teardown(() => cluster.disconnect())
    await redis.flushall()
    return {
      limits: createRedisLimits({ client: cluster, name: '/api' }, attempts),
      advance: (ms) => advance(redis, ms),
      kept: () => redis.dbsize()
    }
  })
})
