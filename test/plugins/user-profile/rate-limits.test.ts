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
  t.equal(
    (await call('POST', '/api/token/', { json: {} })).statusCode,
    429,
    'the other route of the kind counts too'
  )
  t.equal((await call('POST', '/api/sign-up/', { json: {} })).statusCode, 400, 'other kinds go on')
})

t.test(
  'past the limit a user gets 429 from whatever address, and others go on from the same one',
  async (t) => {
    const env = { RATE_LIMIT: 'on', RATE_LIMITS: 'update=1000/3', TRUST_PROXY: '127.0.0.1' }
    const { update, signUp, row } = await buildTestApp(t, { env })
    const [one, other] = [await signUp(), await signUp()]
    const rename = (account: typeof one, first_name: string) =>
      update(account, { json: { first_name }, headers: { 'x-forwarded-for': `203.0.113.${first_name}` } })
    for (const name of ['1', '2', '3']) t.equal((await rename(one, name)).statusCode, 200)
    const refused = await rename(one, '4')
    t.equal(refused.statusCode, 429)
    t.match(refused.json(), { detail: /^Request was throttled\. Expected available in \d+ seconds?\.$/ })
    t.match(refused.headers['retry-after'], /^\d+$/)
    t.equal(row(one.id)?.first_name, '3', 'nothing of it is written')
    t.equal((await rename(other, '3')).statusCode, 200)
  }
)

t.test(
  'every route that takes a token is limited by user, after the token is known to be good',
  async (t) => {
    const env = { RATE_LIMIT: 'on', RATE_LIMITS: 'update=1000/1,read=1000/1,password=1000/1' }
    const { call, signUp } = await buildTestApp(t, { env })
    const routes: [kind: string, method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string][] = [
      ['read', 'GET', 'profile/'],
      ['read', 'POST', 'profile/'],
      ['read', 'GET', 'profile/ID/'],
      ['update', 'PUT', 'profile/ID/update/'],
      ['update', 'PATCH', 'profile/ID/update/'],
      ['update', 'DELETE', 'profile/ID/delete/'],
      ['password', 'POST', 'profile/ID/password/'],
      ['password', 'POST', 'sign-out-everywhere/']
    ]
    for (const [kind, method, path] of routes) {
      const { id, access: token } = await signUp()
      const first = {
        read: 'profile/',
        update: `profile/${id}/update/`,
        password: `profile/${id}/password/`
      }[kind]
      const spend = kind === 'read' ? 'GET' : kind === 'update' ? 'PUT' : 'POST'
      const ask = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path = '', sent = token) =>
        call(method, `/api/${path.replace('ID', String(id))}`, {
          token: sent,
          ...(method !== 'GET' && { json: {} })
        })
      t.not((await ask(spend, first)).statusCode, 429)
      t.equal((await ask(method, path)).statusCode, 429, `${method} ${path}`)
      t.equal((await ask(method, path, 'guess')).statusCode, 401, 'who brings no good token is told so')
    }
  }
)

t.test('requests without a good token count too', async (t) => {
  const { call } = await buildTestApp(t, { env: { RATE_LIMIT: 'on' } })
  const statuses = new Set<number>()
  for (let attempt = 0; attempt <= 600; attempt++) {
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
