import { pbkdf2Sync } from 'node:crypto'
import t from 'tap'
import { accessClaims, buildTestApp, mint, nowSeconds, SECRET } from '../../../helper.ts'
import { startService } from '../../../service.ts'
import { deployments } from './deployments.ts'

const PASSWORD = 'Django-Passw0rd!'

/** As Django encodes it, with fewer iterations. */
const djangoHash = (password: string) =>
  `pbkdf2_sha256$1000$salt$${pbkdf2Sync(password, 'salt', 1000, 32, 'sha256').toString('base64')}`

/** Tokens as SimpleJWT mints them: without an epoch. */
const refreshOf = (user: number, jti: string, over = {}) =>
  mint(accessClaims(user, { token_type: 'refresh', jti, exp: nowSeconds() + 3600, ...over }))

const text = (seconds: number) => new Date(seconds * 1000).toISOString().replace('T', ' ').replace('Z', '')

t.test('who was signed in stays so, who signed out too, and passwords work', async (t) => {
  const { folder, addUser, addToken, importAll, rows } = deployments(t)
  addUser(1, 'ada', { password: djangoHash(PASSWORD) })
  addUser(2, 'bob', { password: djangoHash(PASSWORD), is_active: false })
  const expires_at = text(nowSeconds() + 3600)
  addToken({ id: 1, jti: 'live', user_id: 1, expires_at })
  addToken({ id: 2, jti: 'blacklisted', user_id: 1, expires_at }, true)
  addToken({ id: 3, jti: 'expired', user_id: 1, expires_at: text(nowSeconds() - 10) })
  addToken({ id: 4, jti: 'strange', user_id: 1, expires_at: 'one day' })
  addToken({ id: 5, jti: 'of-nobody', user_id: null, expires_at })
  addToken({ id: 6, jti: '', user_id: 1, expires_at })
  addToken({ id: 7, jti: 'of-bob', user_id: 2, expires_at })
  const { summary, code } = await importAll()
  t.equal(code, 0)
  t.match(summary, { tokens: { live: 2, ended: 1, expired: 1, left_out: 3, known: 0 } })
  t.notMatch(JSON.stringify(rows('SELECT * FROM refresh_tokens')), 'secret')
  t.strictSame(rows('SELECT DISTINCT started_at FROM sessions'), [
    { started_at: Date.parse('2025-01-01T00:00:00Z') }
  ])

  const { call } = await buildTestApp(t, { folder })
  const post = (path: string, json: object) => call('POST', `/api/${path}/`, { json })
  const profile = (token: string) => call('GET', '/api/profile/', { token })
  t.match((await profile(mint(accessClaims(1)))).json(), { id: 1, username: 'ada' })
  t.match((await profile(mint(accessClaims('1')))).statusCode, 200)
  t.match((await profile(mint(accessClaims(2)))).json(), { code: 'user_inactive' })
  t.equal((await post('token/refresh', { refresh: refreshOf(1, 'live') })).statusCode, 200)
  t.match((await post('token/refresh', { refresh: refreshOf(1, 'blacklisted') })).json(), {
    detail: 'Token is blacklisted'
  })
  t.equal((await post('token/refresh', { refresh: refreshOf(1, 'never-recorded') })).statusCode, 200)
  const signIn = await post('sign-in', { email: 'ADA@example.com', password: PASSWORD })
  t.equal(signIn.statusCode, 200)
  t.equal((await post('sign-in', { email: 'ada', password: 'wrong' })).statusCode, 400)
  t.match(rows()[0], { password: /^argon2\$argon2id/ }, 'it is hashed anew')

  const again = await importAll()
  t.match(again, {
    code: 0,
    findings: [],
    summary: { users: { changed: 0, unchanged: 2 }, tokens: { known: 3 } }
  })
  t.match(rows()[0], { password: /^argon2\$argon2id/ }, 'and stays so')
})

t.test('what ends a session in Django ends it here at the next import', async (t) => {
  const { folder, addUser, addToken, importAll, change, django } = deployments(t)
  addUser(1, 'ada', { password: djangoHash(PASSWORD) })
  addUser(2, 'bob')
  addUser(3, 'cyd')
  const expires_at = text(nowSeconds() + 3600)
  const created_at = text(nowSeconds() - 60)
  for (const [id, jti] of ['ada', 'bob', 'cyd', 'cyd-too'].entries())
    addToken({ id: id + 1, jti, user_id: Math.min(id + 1, 3), expires_at, created_at })
  await importAll()
  const { origin } = await startService(t, folder, { JWT_SECRET: SECRET })
  const works = async (user: number, jti: string) => {
    const body = JSON.stringify({ token: refreshOf(user, jti, { iat: nowSeconds() - 60 }) })
    const headers = { 'content-type': 'application/json' }
    return (await fetch(`${origin}/api/token/verify/`, { method: 'POST', headers, body })).status === 200
  }
  for (const [user, jti] of [
    [1, 'ada'],
    [2, 'bob'],
    [3, 'cyd'],
    [3, 'cyd-too']
  ] as const)
    t.equal(await works(user, jti), true, jti)

  change('UPDATE users_users SET password = ? WHERE id = 1', djangoHash('another one'))
  change('UPDATE users_users SET is_active = 0 WHERE id = 2')
  django.exec(
    "INSERT INTO token_blacklist_blacklistedtoken (id, blacklisted_at, token_id) VALUES (1, '2025-01-01 00:00:00', 3)"
  )
  addToken({ id: 9, jti: 'ada-late', user_id: 1, expires_at, created_at })
  const { summary } = await importAll()
  t.match(summary, { users: { changed: 2 }, tokens: { ended: 2, known: 3, live: 0 } })
  t.equal(await works(1, 'ada'), false, 'a new password ends all')
  t.equal(await works(1, 'ada-late'), false, 'also those that were not known yet')
  t.equal(await works(2, 'bob'), false)
  t.equal(await works(3, 'cyd'), false, 'it was blacklisted')
  t.equal(await works(3, 'cyd-too'), true)
})

t.test('the id of a user whom Django deleted is never given again', async (t) => {
  const { folder, django, addUser, addToken, importAll, change } = deployments(t)
  addUser(1, 'ada')
  addUser(50, 'gone')
  change('DELETE FROM users_users WHERE id = 50')
  await importAll()
  const first = await buildTestApp(t, { folder })
  t.equal((await first.signUp()).id, 51)
  await first.app.close()
  // The users' own sequence may have been lost, such as by a copy of the table.
  change("DELETE FROM sqlite_sequence WHERE name = 'users_users'")
  django.pragma('foreign_keys = OFF')
  addToken({ id: 1, jti: 'of-gone', user_id: 70 })
  await importAll()
  const second = await buildTestApp(t, { folder })
  t.equal((await second.signUp()).id, 71)
})
