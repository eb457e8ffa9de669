import t from 'tap'
import { createAccessTokenCache } from '../../../src/tokens/access-token-cache.ts'
import type { UserId } from '../../../src/users/user.ts'
import { accessClaims, buildTestApp, mint, nowSeconds, stoppedClock } from '../../helper.ts'

const ADA = 1 as UserId
const BOB = 2 as UserId

const known = (userId: UserId) => ({ userId, issue: { token_epoch: 7, iat: 1 } })

t.test('a token is known until it expires, and not at the very moment', async (t) => {
  const clock = stoppedClock()
  const cache = createAccessTokenCache(10, clock)
  t.equal(cache.find('ada'), undefined, 'not before it was remembered')
  cache.remember('ada', known(ADA), clock.now() + 1000)
  cache.remember('bob', known(BOB), clock.now() + 2000)
  t.match(cache.find('ada'), known(ADA))
  clock.advance(999)
  t.match(cache.find('ada'), known(ADA))
  clock.advance(1)
  t.equal(cache.find('ada'), undefined)
  t.match(cache.find('bob'), known(BOB), 'another expires at its own time')
})

t.test('beyond the bound the least recently used token is forgotten', async (t) => {
  const clock = stoppedClock()
  const cache = createAccessTokenCache(2, clock)
  const remember = (token: string, userId: UserId) => cache.remember(token, known(userId), clock.now() + 1000)
  remember('first', ADA)
  remember('second', BOB)
  t.match(cache.find('first'), known(ADA), 'which makes it the one used last')
  remember('third', BOB)
  t.equal(cache.find('second'), undefined)
  t.match(cache.find('first'), known(ADA))
  t.match(cache.find('third'), known(BOB))
  remember('first', ADA)
  t.match(cache.find('third'), known(BOB), 'one that is remembered again pushes none out')
})

t.test('a token that was used before is refused once its user is deactivated or deleted', async (t) => {
  const { call, signUp, sql, row } = await buildTestApp(t, { clock: stoppedClock() })
  const ada = await signUp()
  const read = () => call('GET', '/api/profile/', { token: ada.access })
  t.equal((await read()).statusCode, 200)

  sql('update users set is_active = 0 where id = ?', ada.id)
  const inactive = await read()
  t.equal(inactive.statusCode, 401)
  t.strictSame(inactive.json(), { detail: 'User is inactive', code: 'user_inactive' })
  sql('update users set is_active = 1 where id = ?', ada.id)
  t.equal((await read()).statusCode, 200)

  const deleted = await call('DELETE', `/api/profile/${ada.id}/delete/`, { token: ada.access })
  t.equal(deleted.statusCode, 204)
  const gone = await read()
  t.equal(gone.statusCode, 401)
  t.strictSame(gone.json(), { detail: 'User not found', code: 'user_not_found' })
  t.equal(row(ada.id), undefined)
})

t.test('a known token vouches for no other with its payload', async (t) => {
  const { call, signUp, update, row } = await buildTestApp(t, { clock: stoppedClock() })
  const ada = await signUp()
  const claims = accessClaims(ada.id)
  const good = mint(claims)
  const read = (token: string) => call('GET', '/api/profile/', { token })
  t.equal((await read(good)).statusCode, 200)
  const before = row(ada.id)
  const [head = '', payload = '', signature = ''] = good.split('.')
  const cases: [name: string, token: string][] = [
    ['signed with another key', mint(claims, { key: 'another' })],
    [
      'with another signature',
      `${head}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
    ],
    ['with a cut signature', good.slice(0, -1)],
    ['with a longer signature', `${good}A`],
    ['without a signature', `${head}.${payload}.`],
    ['with another header', mint(claims, { header: { alg: 'none', typ: 'JWT' } })]
  ]
  for (const [name, token] of cases) {
    const response = await update({ ...ada, access: token }, { json: { first_name: 'written?' } })
    t.equal(response.statusCode, 401, name)
    t.equal(response.json().code, 'token_not_valid', name)
    t.equal((await read(token)).statusCode, 401, `${name}, again`)
    t.strictSame(row(ada.id), before, name)
  }
  t.equal((await read(good)).statusCode, 200, 'and the good one goes on')
})

t.test('a token that was used before is refused once it has expired', async (t) => {
  const clock = stoppedClock()
  const { call, signUp } = await buildTestApp(t, { clock })
  const { id } = await signUp()
  const exp = nowSeconds() + 60
  const [used, unused] = [mint(accessClaims(id, { exp })), mint(accessClaims(id, { exp }))]
  const status = async (token: string) => (await call('GET', '/api/profile/', { token })).statusCode
  t.equal(await status(used), 200)

  // Signatures are verified by the real time, which goes ahead of the service's clock here.
  const later = exp * 1000 + 1000
  t.intercept(Date, 'now', { value: () => later })
  t.equal(await status(used), 200, 'it is known, and not verified again')
  t.equal(await status(unused), 401)
  clock.advance(exp * 1000 - clock.now())
  t.equal(await status(used), 401)
})

t.test('a token that has expired by the service’s clock only is verified anew', async (t) => {
  const clock = stoppedClock()
  const { call, signUp } = await buildTestApp(t, { clock })
  const { id } = await signUp()
  const token = mint(accessClaims(id, { exp: nowSeconds() + 60 }))
  const status = async () => (await call('GET', '/api/profile/', { token })).statusCode
  t.equal(await status(), 200)
  clock.advance(120_000)
  t.equal(await status(), 200, 'by the real time, it has not expired')
})
