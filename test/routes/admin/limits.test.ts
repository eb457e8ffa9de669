import t from 'tap'
import { accessClaims, buildTestApp, mint } from '../../helper.ts'
import { addAdministrator, addUser } from './visitors.ts'

const RATE_LIMIT = { RATE_LIMIT: 'on' }
const from = (ip: string) => ({ 'x-forwarded-for': ip })
const BEHIND_PROXY = { TRUST_PROXY: '127.0.0.1' }

t.test('requests are counted by address before anybody looks at a token', async (t) => {
  const service = await buildTestApp(t, { env: { ...RATE_LIMIT, RATE_LIMITS: 'admin=3/100' } })
  const { token } = await addAdministrator(service, 'staff')
  const guess = () => service.call('GET', '/api/admin/status/', { token: 'garbage' })
  for (let sent = 0; sent < 3; sent++) t.equal((await guess()).statusCode, 401)
  const refused = await guess()
  t.equal(refused.statusCode, 429)
  t.ok(refused.headers['retry-after'])
  t.equal(
    (await service.call('GET', '/api/admin/users/', { token })).statusCode,
    429,
    'all routes are one kind'
  )
})

t.test('administrators are counted wherever they are, others only by where they are', async (t) => {
  const env = { ...RATE_LIMIT, ...BEHIND_PROXY, RATE_LIMITS: 'admin=100/2' }
  const service = await buildTestApp(t, { env })
  const { token } = await addAdministrator(service, 'staff')
  const other = mint(accessClaims(await addUser(service)))
  const ask = async (by: string, ip: string) =>
    (await service.call('GET', '/api/admin/imports/', { token: by, headers: from(ip) })).statusCode
  t.strictSame(
    [await ask(token, '192.0.2.1'), await ask(token, '192.0.2.2'), await ask(token, '192.0.2.3')],
    [200, 200, 429]
  )
  t.strictSame(
    [await ask(other, '192.0.2.1'), await ask(other, '192.0.2.1'), await ask(other, '192.0.2.1')],
    [403, 403, 403]
  )
})

t.test('no body is read of who is not let in', async (t) => {
  const service = await buildTestApp(t)
  const target = await addUser(service)
  const other = mint(accessClaims(await addUser(service)))
  const url = `/api/admin/users/${target}/`
  for (const [token, status] of [
    [undefined, 401],
    [other, 403]
  ] as const) {
    const answer = await service.call('PATCH', url, {
      ...(token && { token }),
      body: 'x',
      headers: { 'content-type': 'text/plain' }
    })
    t.equal(answer.statusCode, status, 'not what the body would be refused for')
  }
})

t.test('the audit log has the client’s address, as far as proxies are believed', async (t) => {
  const service = await buildTestApp(t, { env: BEHIND_PROXY })
  const { token } = await addAdministrator(service, 'staff')
  const target = await addUser(service)
  const signOut = (ip: string) =>
    service.call('POST', `/api/admin/users/${target}/sign-out/`, { token, headers: from(ip) })
  await signOut('2001:db8::7')
  await signOut('x'.repeat(500))
  t.strictSame(
    service.rows('audit_log').map(({ address }) => address),
    ['2001:db8::7', 'x'.repeat(64)]
  )
})
