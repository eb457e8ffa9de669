import t from 'tap'
import {
  type Account,
  accessClaims,
  buildTestApp,
  DJANGO_HASH,
  mint,
  PASSWORD,
  stoppedClock
} from '../helper.ts'
import { buildOverStores } from '../own-stores.ts'

const NEXT = 'a longer horse 43'
const WRONG = ['Your old password was entered incorrectly. Please enter it again.']
const DEAD = {
  detail: 'Given token not valid for any token type',
  code: 'token_not_valid',
  messages: [{ token_class: 'AccessToken', token_type: 'access', message: 'Token is invalid or expired' }]
}

type App = Awaited<ReturnType<typeof buildTestApp>>

const change = ({ call }: App, { id, access }: Account, json: object = {}) =>
  call('POST', `/api/profile/${id}/password/`, {
    token: access,
    json: { current_password: PASSWORD, new_password: NEXT, ...json }
  })
const profile = ({ call }: App, token: string) => call('GET', '/api/profile/', { token })
const refresh = ({ call }: App, token: string) =>
  call('POST', '/api/token/refresh/', { json: { refresh: token } })
const signIn = ({ call }: App, { email }: Account, password: string) =>
  call('POST', '/api/sign-in/', { json: { email, password } })

t.test('a new password ends every session, in the same second too, and begins one', async (t) => {
  const clock = stoppedClock()
  const app = await buildTestApp(t, { clock })
  const [ada, bob] = [await app.signUp(), await app.signUp()]
  const elsewhere = (await signIn(app, ada, PASSWORD)).json()
  // Known to be good already, which must not help.
  t.equal((await profile(app, elsewhere.access)).statusCode, 200)

  const changed = await change(app, ada)
  t.equal(changed.statusCode, 200)
  t.strictSame(Object.keys(changed.json()).sort(), ['access', 'refresh'])
  for (const { access, refresh: token } of [ada, elsewhere]) {
    const refused = await profile(app, access)
    t.equal(refused.statusCode, 401)
    t.strictSame(refused.json(), DEAD)
    const notRefreshed = await refresh(app, token)
    t.equal(notRefreshed.statusCode, 401)
    t.strictSame(notRefreshed.json(), { detail: 'Token is blacklisted', code: 'token_not_valid' })
    for (const one of [access, token]) {
      const verified = await app.call('POST', '/api/token/verify/', { json: { token: one } })
      t.equal(verified.statusCode, 400)
      t.strictSame(verified.json(), { non_field_errors: ['Token is blacklisted'] })
    }
    const ended = await app.call('POST', '/api/token/blacklist/', { json: { refresh: token } })
    t.equal(ended.statusCode, 401)
  }
  t.equal((await profile(app, changed.json().access)).statusCode, 200)
  t.equal((await refresh(app, changed.json().refresh)).statusCode, 200)
  t.equal((await profile(app, bob.access)).statusCode, 200, 'nobody else is signed out')
  t.equal((await signIn(app, ada, PASSWORD)).statusCode, 400)
  t.equal((await signIn(app, ada, NEXT)).statusCode, 200)
  t.match(app.row(ada.id)?.password, /^argon2\$argon2id\$/)
})

t.test('tokens from elsewhere are judged by their second: those of the same one are dead too', async (t) => {
  const clock = stoppedClock(Math.floor(Date.now() / 1000) * 1000 + 900)
  const app = await buildTestApp(t, { clock })
  const ada = await app.signUp()
  const second = Math.floor(clock.now() / 1000)
  const minted = (over: object) => mint(accessClaims(ada.id, over))
  t.equal((await profile(app, minted({ iat: second - 60 }))).statusCode, 200)
  t.equal((await change(app, ada)).statusCode, 200)
  const cases: [name: string, claims: object, status: number][] = [
    ['a minute before', { iat: second - 60 }, 401],
    ['the same second', { iat: second }, 401],
    ['the next second', { iat: second + 1 }, 200],
    ['no second at all', { iat: undefined }, 401],
    ['an epoch that never was', { iat: second + 1, token_epoch: 0 }, 401],
    ['an epoch of another kind', { iat: second + 1, token_epoch: String(app.row(ada.id)?.token_epoch) }, 401],
    ['an epoch that is null', { iat: second + 1, token_epoch: null }, 401]
  ]
  clock.advance(2000)
  for (const [name, claims, status] of cases)
    t.equal((await profile(app, minted(claims))).statusCode, status, name)
})

t.test('a password that may not be changed stays, with every sentence at once', async (t) => {
  const app = await buildTestApp(t)
  const ada = await app.signUp()
  const before = app.row(ada.id)
  const required = ['This field is required.']
  const cases: [json: object, answer: object][] = [
    [{ current_password: 'wrong' }, { current_password: WRONG }],
    [
      { current_password: 'wrong', new_password: '1234567' },
      {
        current_password: WRONG,
        new_password: [
          'This password is too short. It must contain at least 8 characters.',
          'This password is too common.',
          'This password is entirely numeric.'
        ]
      }
    ],
    [{ new_password: ada.username }, { new_password: ['The password is too similar to the username.'] }],
    [
      { new_password: `${'x1 '.repeat(43)}` },
      { new_password: ['Ensure this field has no more than 128 characters.'] }
    ],
    [
      { current_password: undefined, new_password: undefined },
      { current_password: required, new_password: required }
    ],
    [
      { current_password: '', new_password: null },
      { current_password: ['This field may not be blank.'], new_password: ['This field may not be null.'] }
    ],
    [{ new_password: ['a'] }, { new_password: ['Not a valid string.'] }]
  ]
  for (const [json, answer] of cases) {
    const response = await change(app, ada, json)
    t.equal(response.statusCode, 400)
    t.strictSame(response.json(), answer)
  }
  t.strictSame(app.row(ada.id), before)
  t.equal((await profile(app, ada.access)).statusCode, 200, 'no session ended')
})

t.test('only one’s own password, with a good token', async (t) => {
  const app = await buildTestApp(t)
  const [ada, bob] = [await app.signUp(), await app.signUp()]
  const before = app.row(bob.id)
  t.equal((await change(app, { ...bob, access: ada.access })).statusCode, 403)
  t.equal((await change(app, { ...bob, id: 999 })).statusCode, 404)
  t.equal((await change(app, { ...bob, access: 'garbage' })).statusCode, 401)
  t.equal((await change(app, { ...bob, access: bob.refresh })).statusCode, 401)
  const plain = await app.call('POST', `/api/profile/${bob.id}/password/`, {
    token: bob.access,
    body: 'x',
    headers: { 'content-type': 'text/plain' }
  })
  t.equal(plain.statusCode, 415)
  t.equal((await app.call('GET', `/api/profile/${bob.id}/password/`, { token: bob.access })).statusCode, 405)
  t.strictSame(app.row(bob.id), before)
})

t.test('of ten changes at once one wins, and only its session lives', async (t) => {
  const app = await buildTestApp(t)
  const ada = await app.signUp()
  const passwords = Array.from({ length: 10 }, (_, index) => `${NEXT} ${index}`)
  const answers = await Promise.all(passwords.map((new_password) => change(app, ada, { new_password })))
  const won = answers.findIndex(({ statusCode }) => statusCode === 200)
  t.equal(answers.filter(({ statusCode }) => statusCode === 200).length, 1)
  for (const [index, password] of passwords.entries())
    t.equal((await signIn(app, ada, password)).statusCode, index === won ? 200 : 400)
  t.equal((await profile(app, answers[won]?.json().access)).statusCode, 200)
})

t.test('a sign-in with the old password never outlives the change', async (t) => {
  const app = await buildTestApp(t)
  const ada = await app.signUp()
  const [changed, ...signIns] = await Promise.all([
    change(app, ada),
    ...Array.from({ length: 10 }, () => signIn(app, ada, PASSWORD))
  ])
  t.equal(changed?.statusCode, 200)
  for (const answer of signIns) {
    if (answer.statusCode === 400) continue
    t.equal((await profile(app, answer.json().access)).statusCode, 401)
    t.equal((await refresh(app, answer.json().refresh)).statusCode, 401)
  }
})

t.test('a sign-in that makes the hash anew meanwhile is no change of the password', async (t) => {
  const app = await buildTestApp(t)
  const ada = await app.signUp()
  app.sql('update users set password = ?', DJANGO_HASH)
  const [changed, ...signIns] = await Promise.all([
    change(app, ada),
    ...Array.from({ length: 4 }, () => signIn(app, ada, PASSWORD))
  ])
  t.equal(changed?.statusCode, 200)
  for (const { statusCode } of signIns) t.ok(statusCode === 200 || statusCode === 400)
  t.equal((await profile(app, changed?.json().access)).statusCode, 200)
  t.equal((await signIn(app, ada, PASSWORD)).statusCode, 400)
})

t.test('who is deactivated meanwhile gets neither a new password nor tokens', async (t) => {
  const app = await buildOverStores(t, ({ users }) => ({
    users: {
      ...users,
      async setPassword(id, passwordChange) {
        await users.setActive(id, false, Date.now())
        return users.setPassword(id, passwordChange)
      }
    }
  }))
  const ada = await app.signUp()
  const hash = app.row(ada.id)?.password
  const refused = await change(app, ada)
  t.equal(refused.statusCode, 401)
  t.strictSame(refused.json(), { detail: 'User is inactive', code: 'user_inactive' })
  t.equal(app.row(ada.id)?.password, hash)
})

t.test('guesses at the current password are counted', async (t) => {
  const app = await buildTestApp(t, { env: { RATE_LIMIT: 'on' } })
  const [ada, bob] = [await app.signUp(), await app.signUp()]
  for (let guess = 0; guess < 10; guess++)
    t.equal((await change(app, ada, { current_password: `guess ${guess}` })).statusCode, 400)
  const refused = await change(app, ada)
  t.equal(refused.statusCode, 429)
  t.match(refused.json().detail, /^Request was throttled\. Expected available in \d+ seconds\.$/)
  t.match(refused.headers['retry-after'], /^\d+$/)
  t.equal((await change(app, bob)).statusCode, 200, 'others go on')
})

t.test('nobody can use up the guesses at somebody’s current password by signing in', async (t) => {
  const app = await buildTestApp(t, { env: { RATE_LIMIT: 'on' } })
  const ada = await app.signUp()
  for (const name of [`#${ada.id}`, `id:${ada.id}`])
    for (let guess = 0; guess < 10; guess++)
      await app.call('POST', '/api/sign-in/', { json: { username: name, password: 'x' } })
  t.equal((await change(app, ada)).statusCode, 200)
})
