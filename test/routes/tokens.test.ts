import t from 'tap'
import { accessClaims, buildTestApp, mint, nowSeconds, PASSWORD, stoppedClock } from '../helper.ts'

const dead = (detail: string) => ({ detail, code: 'token_not_valid' })
const refreshClaims = (userId: number, over: object = {}) =>
  accessClaims(userId, { token_type: 'refresh', ...over })

t.test('token/ answers a pair for a username or an email, and one sentence for every failure', async (t) => {
  const { call, signUp, sql } = await buildTestApp(t)
  const [ada, gone] = [await signUp({ username: 'erika_ñ' }), await signUp()]
  sql('update users set is_active = 0 where id = ?', gone.id)
  for (const username of ['erika_ñ', 'ERIKA_Ñ', ada.email]) {
    const response = await call('POST', '/api/token/', { json: { username, password: PASSWORD } })
    t.equal(response.statusCode, 200)
    t.strictSame(Object.keys(response.json()).sort(), ['access', 'refresh'])
  }
  for (const [username, password] of [
    ['erika_ñ', 'wrong'],
    ['nobody', PASSWORD],
    [gone.username, PASSWORD]
  ]) {
    const response = await call('POST', '/api/token/', { json: { username, password } })
    t.equal(response.statusCode, 401)
    t.strictSame(response.json(), { detail: 'No active account found with the given credentials' })
    t.equal(response.headers['www-authenticate'], 'Bearer realm="api"')
  }
  const empty = await call('POST', '/api/token/', { json: {} })
  t.strictSame(empty.json(), { username: ['This field is required.'], password: ['This field is required.'] })
})

t.test('a refresh rotates: a new pair comes, both of it work', async (t) => {
  const { call, signUp } = await buildTestApp(t)
  const { refresh } = await signUp()
  const next = await call('POST', '/api/token/refresh/', { json: { refresh } })
  t.equal(next.statusCode, 200)
  t.not(next.json().refresh, refresh)
  t.equal((await call('GET', '/api/profile/', { token: next.json().access })).statusCode, 200)
  const urlencoded = new URLSearchParams({ refresh: next.json().refresh }).toString()
  t.equal((await call('POST', '/api/token/refresh/', { urlencoded })).statusCode, 200)
})

t.test('within ten seconds a refresh token may be used again; later that ends the session', async (t) => {
  const clock = stoppedClock()
  const { call, signUp } = await buildTestApp(t, { clock })
  const { refresh, access } = await signUp()
  const use = (token: string) => call('POST', '/api/token/refresh/', { json: { refresh: token } })
  const first = (await use(refresh)).json()
  clock.advance(10_000)
  const second = (await use(refresh)).json()
  const third = (await use(first.refresh)).json()
  clock.advance(1)
  const replayed = await use(refresh)
  t.equal(replayed.statusCode, 401)
  t.strictSame(replayed.json(), dead('Token is blacklisted'))
  for (const descendant of [second, third]) t.equal((await use(descendant.refresh)).statusCode, 401)
  t.equal(
    (await call('GET', '/api/profile/', { token: access })).statusCode,
    200,
    'access tokens run out by themselves'
  )
})

t.test('fifty refreshes at once lose no session', async (t) => {
  const { call, signUp } = await buildTestApp(t)
  const { refresh } = await signUp()
  const use = (token: string) => call('POST', '/api/token/refresh/', { json: { refresh: token } })
  const answers = await Promise.all(Array.from({ length: 50 }, () => use(refresh)))
  t.ok(answers.every(({ statusCode }) => statusCode === 200))
  const winners = answers.map((answer) => answer.json().refresh)
  t.equal(new Set(winners).size, 50)
  for (const winner of winners.slice(0, 5)) t.equal((await use(winner)).statusCode, 200)
})

t.test('a refresh token minted elsewhere with the same secret is taken once, and then rotates', async (t) => {
  const clock = stoppedClock()
  const { call, signUp } = await buildTestApp(t, { clock })
  const { id } = await signUp()
  const foreign = mint(refreshClaims(id))
  const use = (token: string) => call('POST', '/api/token/refresh/', { json: { refresh: token } })
  const next = await use(foreign)
  t.equal(next.statusCode, 200)
  clock.advance(11_000)
  t.equal((await use(foreign)).statusCode, 401)
  t.equal((await use(next.json().refresh)).statusCode, 401, 'its descendant ended with it')
})

t.test('a token that does not refresh says why', async (t) => {
  const { call, signUp } = await buildTestApp(t)
  const ada = await signUp()
  const cases: [unknown, number, object][] = [
    ['garbage', 401, dead('Token is invalid or expired')],
    [ada.access, 401, dead('Token has wrong type')],
    [mint(refreshClaims(ada.id, { exp: nowSeconds() - 1 })), 401, dead('Token is invalid or expired')],
    [mint(refreshClaims(ada.id), { key: 'another' }), 401, dead('Token is invalid or expired')],
    [mint(refreshClaims(999_999)), 401, { detail: 'User not found', code: 'user_not_found' }],
    ['', 400, { refresh: ['This field may not be blank.'] }],
    [[ada.refresh], 400, { refresh: ['Not a valid string.'] }],
    [undefined, 400, { refresh: ['This field is required.'] }]
  ]
  for (const path of ['refresh', 'blacklist']) {
    for (const [refresh, status, answer] of cases) {
      const response = await call('POST', `/api/token/${path}/`, { json: { refresh } })
      t.equal(response.statusCode, status, path)
      t.strictSame(response.json(), answer)
    }
  }
})

t.test('a blacklisted token is dead, and its session with it', async (t) => {
  const { call, signUp } = await buildTestApp(t)
  const { refresh } = await signUp()
  const post = (path: string, json: object) => call('POST', `/api/token/${path}/`, { json })
  const ended = await post('blacklist', { refresh })
  t.equal(ended.statusCode, 200)
  t.strictSame(ended.json(), {})
  for (const path of ['refresh', 'blacklist']) {
    const response = await post(path, { refresh })
    t.equal(response.statusCode, 401)
    t.strictSame(response.json(), dead('Token is blacklisted'))
  }
  const verified = await post('verify', { token: refresh })
  t.equal(verified.statusCode, 400)
  t.strictSame(verified.json(), { non_field_errors: ['Token is blacklisted'] })
})

t.test('verify tells live tokens of either kind from others', async (t) => {
  const { call, signUp } = await buildTestApp(t)
  const { access, refresh, id } = await signUp()
  const verify = (token: unknown) => call('POST', '/api/token/verify/', { json: { token } })
  for (const token of [access, refresh, mint(accessClaims(id, { token_type: 'sliding' }))]) {
    const response = await verify(token)
    t.equal(response.statusCode, 200)
    t.strictSame(response.json(), {})
  }
  t.strictSame((await verify('garbage')).json(), dead('Token is invalid or expired'))
  t.strictSame((await verify(mint({ user_id: id, jti: 'x' }))).json(), dead("Token has no 'exp' claim"))
  t.strictSame((await verify(mint({ user_id: id, exp: nowSeconds() + 9 }))).json(), dead('Token has no id'))
})

t.test('the grace is a setting; without one a token works once', async (t) => {
  const clock = stoppedClock()
  const { call, signUp } = await buildTestApp(t, { clock, env: { REFRESH_REUSE_GRACE: '0' } })
  const { refresh } = await signUp()
  const use = (token: string) => call('POST', '/api/token/refresh/', { json: { refresh: token } })
  const next = (await use(refresh)).json()
  t.equal((await use(next.refresh)).statusCode, 200)
  clock.advance(1)
  t.equal((await use(refresh)).statusCode, 401)
})

t.test('where refresh tokens don’t rotate, one works until it expires or its session is ended', async (t) => {
  const clock = stoppedClock()
  const { call, signUp } = await buildTestApp(t, { clock, env: { REFRESH_ROTATION: 'off' } })
  const { id, refresh } = await signUp()
  const use = (token: string) => call('POST', '/api/token/refresh/', { json: { refresh: token } })
  for (const token of [refresh, mint(refreshClaims(id))]) {
    for (let round = 0; round < 3; round++) {
      clock.advance(60_000)
      const answer = await use(token)
      t.equal(answer.statusCode, 200)
      t.strictSame(Object.keys(answer.json()), ['access'])
      t.equal((await call('GET', '/api/profile/', { token: answer.json().access })).statusCode, 200)
    }
    t.equal((await call('POST', '/api/token/blacklist/', { json: { refresh: token } })).statusCode, 200)
    t.strictSame((await use(token)).json(), dead('Token is blacklisted'))
  }
})

t.test(
  'a user who is deactivated or deleted does not refresh, and activating revives no token',
  async (t) => {
    const { app, call, signUp } = await buildTestApp(t)
    const [ada, bob] = [await signUp(), await signUp()]
    const { users } = app.stores
    const idOf = async ({ username }: { username: string }) => {
      const found = await users.findForSignIn(username, 'username')
      if (!found) throw new Error('nobody')
      return found.user.id
    }
    const use = (token: string) => call('POST', '/api/token/refresh/', { json: { refresh: token } })
    await users.setActive(await idOf(ada), false, Date.now())
    await users.delete(await idOf(bob))
    t.strictSame((await use(ada.refresh)).json(), { detail: 'User is inactive', code: 'user_inactive' })
    t.strictSame((await use(bob.refresh)).json(), { detail: 'User not found', code: 'user_not_found' })
    for (const { access, refresh } of [ada, bob]) {
      for (const token of [access, refresh])
        t.equal((await call('POST', '/api/token/verify/', { json: { token } })).statusCode, 401)
    }
    await users.setActive(await idOf(ada), true, Date.now())
    t.strictSame((await use(ada.refresh)).json(), dead('Token is blacklisted'))
    t.equal((await call('GET', '/api/profile/', { token: ada.access })).statusCode, 401)
  }
)

t.test('lifetimes are the settings’', async (t) => {
  const { signUp } = await buildTestApp(t, {
    env: { ACCESS_TOKEN_LIFETIME: '60', REFRESH_TOKEN_LIFETIME: '120' }
  })
  const { access, refresh } = await signUp()
  const lifetime = (token: string) => {
    const { exp, iat } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
    return exp - iat
  }
  t.strictSame([lifetime(access), lifetime(refresh)], [60, 120])
})
