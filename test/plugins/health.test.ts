import { renameSync } from 'node:fs'
import t from 'tap'
import { buildTestApp } from '../helper.ts'

t.test('health is told to anybody, without limits, and is never kept', async (t) => {
  const { call } = await buildTestApp(t, { env: { RATE_LIMIT: 'on', RATE_LIMITS: 'read=1/1' } })
  for (const path of ['/health/live', '/health/ready', '/health/ready/']) {
    for (const method of ['GET', 'HEAD'] as const) {
      const answer = await call(method, path)
      t.equal(answer.statusCode, 200, `${method} ${path}`)
      t.equal(answer.headers['cache-control'], 'no-store')
      if (method === 'GET') t.strictSame(answer.json(), { status: 'ok' })
    }
  }
})

t.test('it is not ready while its pictures or its rows can’t be read, and is again by itself', async (t) => {
  const { call, app, folder } = await buildTestApp(t)
  const unready = async (what: string) => {
    const answer = await call('GET', '/health/ready')
    t.equal(answer.statusCode, 503, what)
    t.match(answer.headers['retry-after'], /^\d+$/)
    t.strictSame(answer.json(), { error: 'The service is temporarily unavailable. Try again later.' })
    t.equal((await call('GET', '/health/live')).statusCode, 200, 'a restart would not mend it')
  }
  renameSync(`${folder}/media/avatars`, `${folder}/media/elsewhere`)
  await unready('pictures')
  renameSync(`${folder}/media/elsewhere`, `${folder}/media/avatars`)
  t.equal((await call('GET', '/health/ready')).statusCode, 200)

  const { isEmpty } = app.stores.users
  app.stores.users.isEmpty = async () => {
    throw new Error('the disk is gone')
  }
  const broken = await call('GET', '/health/ready')
  t.equal(broken.statusCode, 500, 'a fault of ours is told as one')
  t.notMatch(broken.body, /disk/)
  app.stores.users.isEmpty = isEmpty
  t.equal((await call('GET', '/health/ready')).statusCode, 200)
})
