import t from 'tap'
import { buildTestApp, PASSWORD } from '../helper.ts'

const json = { email: 'nobody@example.com', password: PASSWORD }

t.test('past the limit an address gets 429 with the throttling sentence and Retry-After', async (t) => {
  const { call } = await buildTestApp(t, { env: { RATE_LIMIT: 'on' } })
  for (let attempt = 0; attempt < 30; attempt++) {
    t.equal((await call('POST', '/api/sign-in/', { json })).statusCode, 400)
  }
  const response = await call('POST', '/api/sign-in/', { json })
  t.equal(response.statusCode, 429)
  const seconds = Number(response.headers['retry-after'])
  t.ok(seconds >= 1 && seconds <= 60)
  t.strictSame(response.json(), {
    detail: `Request was throttled. Expected available in ${seconds} seconds.`
  })
  t.equal(
    (await call('POST', '/api/token/', { json: { username: 'x', password: 'y' } })).statusCode,
    401,
    'other routes go on'
  )
})

t.test('addresses are taken from proxies that are trusted, and from nobody else', async (t) => {
  const attempts = async (env: Record<string, string>) => {
    const { call } = await buildTestApp(t, {
      env: { RATE_LIMIT: 'on', ...env },
      folder: t.testdir({ [env.TRUST_PROXY ? 'a' : 'b']: {} })
    })
    const statuses = new Set<number>()
    for (let attempt = 0; attempt < 31; attempt++) {
      const headers = { 'x-forwarded-for': `203.0.113.${attempt}` }
      statuses.add((await call('POST', '/api/sign-in/', { json, headers })).statusCode)
    }
    return [...statuses]
  }
  t.strictSame(await attempts({}), [400, 429], 'forged by a direct client')
  t.strictSame(await attempts({ TRUST_PROXY: '10.0.0.0/8' }), [400, 429], 'not from this proxy')
  t.strictSame(await attempts({ TRUST_PROXY: '127.0.0.0/8, ::1' }), [400], 'each its own address')
})
