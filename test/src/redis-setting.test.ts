import t from 'tap'
import { startDeafRedis } from '../deaf-redis.ts'
import { run } from '../service.ts'

/** A Node in which the package can't be found. */
const WITHOUT_IOREDIS = [
  '--import',
  `data:text/javascript,${encodeURIComponent(`
    import { registerHooks } from 'node:module'
    registerHooks({
      resolve(name, context, next) {
        if (name !== 'ioredis') return next(name, context)
        throw Object.assign(new Error('not found'), { code: 'ERR_MODULE_NOT_FOUND' })
      }
    })
  `)}`
]

t.test('a Redis that can’t be used as it was set fails the start with a sentence', async (t) => {
  const cases: [url: string, nodeOptions: string[], sentence: RegExp][] = [
    ['redis://:hunter2@127.0.0.1:99999', [], /could not start: REDIS_URL: expected redis:/],
    [
      'redis://127.0.0.1',
      WITHOUT_IOREDIS,
      /could not start: REDIS_URL: a package is missing; .*: npm install ioredis\n/
    ]
  ]
  for (const [url, nodeOptions, sentence] of cases) {
    const env = { PORT: '0', REDIS_URL: url }
    const { code, stderr } = await run(t.testdir(), { env, nodeOptions }).ended
    t.equal(code, 1)
    t.match(stderr, sentence)
    t.notMatch(stderr, /hunter2|\bat /)
  }
})

t.test('a start that fails by something else is not kept by the connection', async (t) => {
  const { port } = await startDeafRedis(t)
  const folder = t.testdir({ media: { '.uploads': 'no folder' } })
  const { code, stderr } = await run(folder, { env: { PORT: '0', REDIS_URL: `redis://127.0.0.1:${port}` } })
    .ended
  t.equal(code, 1)
  t.match(stderr, /could not start: MEDIA_ROOT: /)
})
