import t from 'tap'
import { buildTestApp } from '../../helper.ts'

/** Refused before anything is hashed, so that a slow machine stays within the minute too. */
const json = { email: 'nobody@example.com' }

t.test('past the limit an address gets 429 with the throttling sentence and Retry-After', async (t) => {
  const { call } = await buildTestApp(t, { env: { RATE_LIMIT: 'on' } })
  for (let attempt = 0; attempt < 30; attempt++) {
    t.equal((await call('POST', '/api/sign-in/', { json })).statusCode, 400)
  }
  const response = await call('POST', '/api/sign-in/', { json })
  t.equal(response.statusCode, 429)
  const seconds = Number(response.headers['retry-after'])
  t.ok(seconds >= 1 && seconds <= 60)
  const unit = seconds === 1 ? 'second' : 'seconds'
  t.strictSame(response.json(), {
    detail: `Request was throttled. Expected available in ${seconds} ${unit}.`
  })
  t.equal((await call('POST', '/api/token/', { json: {} })).statusCode, 400, 'other routes go on')
})

t.test('requests without a good token count too', async (t) => {
  const { call } = await buildTestApp(t, { env: { RATE_LIMIT: 'on' } })
  const statuses = new Set<number>()
  for (let attempt = 0; attempt <= 300; attempt++) {
    statuses.add((await call('PUT', '/api/profile/1/update/', { token: 'guess', json: {} })).statusCode)
  }
  t.strictSame([...statuses], [401, 429])
})

t.test('addresses are taken from proxies that are trusted, and from nobody else', async (t) => {
  const cases: [name: string, env: Record<string, string>, statuses: number[]][] = [
    ['forged by a direct client', {}, [400, 429]],
    ['not from this proxy', { TRUST_PROXY: '10.0.0.0/8' }, [400, 429]],
    ['each its own address', { TRUST_PROXY: '127.0.0.0/8, ::1' }, [400]]
  ]
  for (const [name, env, expected] of cases) {
    await t.test(name, async (t) => {
      const { call } = await buildTestApp(t, { env: { RATE_LIMIT: 'on', ...env } })
      const statuses = new Set<number>()
      for (let attempt = 0; attempt <= 30; attempt++) {
        const headers = { 'x-forwarded-for': `203.0.113.${attempt}` }
        statuses.add((await call('POST', '/api/sign-in/', { json, headers })).statusCode)
      }
      t.strictSame([...statuses], expected)
    })
  }
})
