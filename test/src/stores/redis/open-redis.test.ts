import t from 'tap'
import { freePort } from '../../../../bench/harness/processes.ts'
import { StoreRefused } from '../../../../src/store-refused.ts'
import { openRedis } from '../../../../src/stores/redis/open-redis.ts'
import { startDeafRedis } from '../../../deaf-redis.ts'

t.test(
  'a URL that can’t be used is refused with the name of its setting, and without what it says',
  async (t) => {
    const urls = [
      'redis://:hunter2@127.0.0.1:99999',
      'redis://:hunter2@127.0.0.1/name',
      'redis://:hunter2@127.0.0.1/0?enableOfflineQueue=true',
      'redis://:hunter2@127.0.0.1#0',
      'redis://:hunter2@',
      'redis://:hunter2%zz@127.0.0.1'
    ]
    for (const url of urls) {
      const error = await openRedis(url).then(
        () => undefined,
        (error) => error
      )
      t.ok(error instanceof StoreRefused, url)
      t.equal(error?.setting, 'REDIS_URL')
      t.notMatch(error?.message, /hunter2/)
    }
  }
)

t.test('a Redis that is away, deaf or refuses is no error: commands say why', async (t) => {
  const refusals = [
    ['-LOADING Redis is loading the dataset in memory', /^LOADING /],
    ['-NOAUTH Authentication required.', /^NOAUTH /],
    ['-WRONGPASS invalid username-password pair or user is disabled.', /^WRONGPASS /],
    ['-MASTERDOWN Link with MASTER is down', /^MASTERDOWN /],
    ['', /^no connection$/]
  ] as const
  const cases: (readonly [name: string, port: number, reason: RegExp])[] = [
    ['away', await freePort(), /^connect ECONNREFUSED 127\.0\.0\.1/]
  ]
  for (const [says, reason] of refusals) cases.push([says, (await startDeafRedis(t, says)).port, reason])
  for (const [name, port, reason] of cases) {
    const redis = await openRedis(`redis://:hunter2@127.0.0.1:${port}`)
    t.teardown(() => redis.close())
    for (const command of [redis.evalsha('0', 0), redis.eval('', 0)]) {
      const error = await command.then(
        () => undefined,
        (error) => error
      )
      t.match(error?.message, reason, name || 'deaf')
      t.notMatch(JSON.stringify(error, Object.getOwnPropertyNames(error)), /hunter2/)
    }
  }
})
