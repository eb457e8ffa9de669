import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { freePort } from '../../../bench/harness/processes.ts'
import userProfile from '../../../plugins/user-profile.ts'
import type { RedisClient } from '../../../src/stores/redis/redis-client.ts'
import { startDeafRedis } from '../../deaf-redis.ts'
import { buildTestApp, eventually, SECRET } from '../../helper.ts'
import { hostApp } from '../host/host-app.ts'

const LOST = 'Redis is away: until it is back each node limits by itself'
const BACK = 'Redis is back: nodes limit together again'

interface Line {
  level: number
  msg: string
  reason?: string
}

function keepLines() {
  const lines: Line[] = []
  const logger = { level: 'info', stream: { write: (line: string) => void lines.push(JSON.parse(line)) } }
  return { logger, ofRedis: () => lines.filter(({ msg }) => msg.startsWith('Redis')) }
}

/** How many of so many sign-ins that are refused before anything is hashed get past the limit. */
async function passing(app: FastifyInstance, attempts: number, url = '/api/sign-in/'): Promise<number> {
  const statuses = await Promise.all(
    Array.from({ length: attempts }, async () => {
      const payload = { email: 'nobody@example.com' }
      return (await app.inject({ method: 'POST', url, payload })).statusCode
    })
  )
  if (statuses.some((status) => status !== 400 && status !== 429)) throw new Error(statuses.join())
  return statuses.filter((status) => status === 400).length
}

/** Counts as Redis does, for as long as it is there. */
function standIn() {
  const counts = new Map<string, number>()
  const redis = { isAway: false, commands: 0, counts }
  const answer = async (_script: string, _keys: number, ...[key = '', left]: (string | number)[]) => {
    redis.commands++
    if (redis.isAway) throw new Error('connect ECONNREFUSED 127.0.0.1:6379')
    const count = (counts.get(String(key)) ?? 0) + 1
    counts.set(String(key), count)
    return [count, left]
  }
  const client: RedisClient = { evalsha: answer, eval: answer }
  return { redis, client }
}

t.test(
  'the service starts while its Redis is away or deaf, limits by itself, and says so once',
  async (t) => {
    const cases: [name: string, port: number, reason: RegExp][] = [
      ['away', await freePort(), /ECONNREFUSED/],
      ['deaf', (await startDeafRedis(t)).port, /no connection/],
      ['loading', (await startDeafRedis(t, '-LOADING Redis is loading')).port, /LOADING/]
    ]
    for (const [name, port, reason] of cases) {
      const { logger, ofRedis } = keepLines()
      const env = { RATE_LIMIT: 'on', REDIS_URL: `redis://:hunter2@127.0.0.1:${port}` }
      const { app } = await buildTestApp(t, { env, logger, folder: t.testdir({ [name]: {} }) })
      t.equal(await passing(app, 50), 30, name)
      t.equal((await app.inject('/health/ready')).statusCode, 200, 'limits are no reason to send nobody')
      const lines = ofRedis()
      t.strictSame(
        lines.map(({ level, msg }) => [level, msg]),
        [[40, LOST]]
      )
      t.match(lines[0]?.reason, reason)
      t.notMatch(JSON.stringify(lines), /hunter2/)
    }
  }
)

t.test('a Redis that can’t be named fails the start; without limits it is not asked for', async (t) => {
  const env = { REDIS_URL: 'redis://127.0.0.1:99999' }
  await t.rejects(buildTestApp(t, { env: { ...env, RATE_LIMIT: 'on' } }), {
    name: 'StoreRefused',
    setting: 'REDIS_URL'
  })
  await t.resolves(buildTestApp(t, { env: { ...env, RATE_LIMIT: 'off' }, folder: t.testdir() }))
})

t.test(
  'a host’s nodes count together in its Redis, alone while that is away, and together again',
  async (t) => {
    const { redis, client } = standIn()
    const { logger, ofRedis } = keepLines()
    const open = async (name: string) => {
      const folder = t.testdir()
      const app = hostApp(t, { logger })
      const own = { databasePath: `${folder}/${name}.db`, mediaRoot: `${folder}/${name}` }
      await app.register(userProfile, { jwtSecret: SECRET, redis: client, ...own })
      return app
    }
    const [one, two] = [await open('one'), await open('two')]
    t.equal(
      (await Promise.all([passing(one, 20), passing(two, 20)])).reduce((a, b) => a + b),
      30
    )
    t.equal(redis.counts.get('fup:/api:signIn:address:127.0.0.1'), 40)
    t.strictSame(ofRedis(), [])

    redis.isAway = true
    t.equal(await passing(one, 50), 30)
    t.equal(await passing(two, 50), 30)
    const lost = ofRedis()
    t.strictSame(
      lost.map(({ msg }) => msg),
      [LOST, LOST],
      'each node says so once'
    )
    t.match(lost[0]?.reason, /ECONNREFUSED/)

    redis.isAway = false
    redis.counts.clear()
    await eventually('both are back', () => ofRedis().filter(({ msg }) => msg === BACK).length === 2)
    t.equal(
      (await Promise.all([passing(one, 20), passing(two, 20)])).reduce((a, b) => a + b),
      30
    )
    t.equal(ofRedis().length, 4)
  }
)

t.test('two sets of users in one app count apart in one Redis', async (t) => {
  const { client } = standIn()
  const app = hostApp(t)
  const folder = t.testdir()
  for (const name of ['one', 'two']) {
    const own = { databasePath: `${folder}/${name}.db`, mediaRoot: `${folder}/${name}` }
    await app.register(userProfile, { jwtSecret: SECRET, redis: client, prefix: `/${name}`, ...own })
  }
  t.equal(await passing(app, 40, '/one/sign-in/'), 30)
  t.equal(await passing(app, 40, '/two/sign-in/'), 30)
})

t.test('where limits are off a host’s Redis is not asked', async (t) => {
  const { redis, client } = standIn()
  const app = hostApp(t)
  const folder = t.testdir()
  const own = { databasePath: `${folder}/profile.db`, mediaRoot: `${folder}/media` }
  await app.register(userProfile, { jwtSecret: SECRET, redis: client, rateLimit: false, ...own })
  t.equal(await passing(app, 40), 40)
  t.equal(redis.commands, 0)
})
