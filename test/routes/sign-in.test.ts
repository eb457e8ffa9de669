import t from 'tap'
import { buildTestApp, DJANGO_HASH, FIELDS, PASSWORD } from '../helper.ts'
import { buildOverStores } from '../own-stores.ts'

t.test(
  'a sign-in by email or username, in any case, answers tokens and the user, and sets last_login',
  async (t) => {
    const { call, signUp, row } = await buildTestApp(t)
    const ada = await signUp()
    t.equal(row(ada.id)?.last_login, null)
    const bodies = [
      { json: { email: ada.email, password: PASSWORD } },
      { json: { email: ada.email.toUpperCase(), password: PASSWORD } },
      { json: { email: ada.username, password: PASSWORD } },
      { json: { username: ada.username.toUpperCase(), password: PASSWORD } },
      { urlencoded: new URLSearchParams({ email: ada.email, password: PASSWORD }).toString() },
      { form: Object.entries({ email: ada.email, password: PASSWORD }) }
    ]
    for (const body of bodies) {
      const response = await call('POST', '/api/sign-in/', body)
      t.equal(response.statusCode, 200)
      t.strictSame(Object.keys(response.json()).sort(), ['access', 'refresh', 'user'])
      t.strictSame(Object.keys(response.json().user), FIELDS)
      t.match(response.json().user, { id: ada.id, last_login: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/ })
      t.equal((await call('GET', '/api/profile/', { token: response.json().access })).statusCode, 200)
    }
    t.type(row(ada.id)?.last_login, 'number')
  }
)

t.test('every failure has one answer', async (t) => {
  const { call, signUp, sql } = await buildTestApp(t)
  const [ada, gone] = [await signUp(), await signUp()]
  sql('update users set is_active = 0 where id = ?', gone.id)
  const failures = [
    { email: ada.email, password: 'wrong' },
    { email: 'nobody@example.com', password: PASSWORD },
    { email: gone.email, password: PASSWORD },
    { email: ada.email, password: PASSWORD.toUpperCase() },
    { email: "' or 1=1 --", password: PASSWORD }
  ]
  for (const json of failures) {
    const response = await call('POST', '/api/sign-in/', { json })
    t.equal(response.statusCode, 400)
    t.strictSame(response.json(), { error: 'Invalid email or password.' })
  }
})

t.test('a password that is no hash of ours lets nobody in', async (t) => {
  const { call, signUp, sql } = await buildTestApp(t)
  const ada = await signUp()
  for (const encoded of ['!unusable', '', PASSWORD, 'argon2$', 'argon2$garbage', 'md5$x$y']) {
    sql('update users set password = ? where id = ?', encoded, ada.id)
    const response = await call('POST', '/api/sign-in/', { json: { email: ada.email, password: PASSWORD } })
    t.equal(response.statusCode, 400, encoded)
  }
})

t.test('a form that is too large is refused; files in it are read past', async (t) => {
  const { call, signUp, uploads } = await buildTestApp(t)
  const ada = await signUp()
  const credentials: [string, string][] = [
    ['email', ada.email],
    ['password', PASSWORD]
  ]
  const large = await call('POST', '/api/sign-in/', {
    form: [...credentials, ['padding', 'x'.repeat(1_100_000)]]
  })
  t.equal(large.statusCode, 413)
  t.strictSame(large.json(), { detail: 'The request body is too large.' })
  const file = { bytes: Buffer.from('x') }
  const signedIn = await call('POST', '/api/sign-in/', { form: [...credentials, ['file', file]] })
  t.equal(signedIn.statusCode, 200)
  const asFile = await call('POST', '/api/sign-in/', { form: [...credentials, ['password', file]] })
  t.strictSame(asFile.json(), { password: ['Not a valid string.'] })
  t.strictSame(uploads(), [])
})

t.test('what is missing is named', async (t) => {
  const { call } = await buildTestApp(t)
  const required = ['This field is required.']
  const answers: [object, object][] = [
    [{}, { email: required, password: required }],
    [{ password: 'x' }, { email: required }],
    [{ username: 'ada' }, { password: required }],
    [{ email: 'a@b.co' }, { password: required }],
    [{ email: { a: 1 }, password: 'x' }, { email: ['Not a valid string.'] }],
    [{ email: 'a\0', password: 'x' }, { email: ['Null characters are not allowed.'] }]
  ]
  for (const [json, answer] of answers) {
    const response = await call('POST', '/api/sign-in/', { json })
    t.equal(response.statusCode, 400)
    t.strictSame(response.json(), answer)
  }
  t.equal(
    (await call('POST', '/api/sign-in/', { body: 'x', headers: { 'content-type': 'text/plain' } }))
      .statusCode,
    415
  )
})

t.test('of several sign-ins at once that make a hash anew, none is refused', async (t) => {
  const { call, signUp, sql, row } = await buildTestApp(t)
  const { id, email } = await signUp()
  sql('update users set password = ?', DJANGO_HASH)
  const signIn = () => call('POST', '/api/sign-in/', { json: { email, password: PASSWORD } })
  for (const answer of await Promise.all(Array.from({ length: 8 }, signIn))) {
    t.equal(answer.statusCode, 200)
    const { statusCode } = await call('GET', '/api/profile/', { token: answer.json().access })
    t.equal(statusCode, 200)
  }
  t.match(row(id)?.password, /^argon2\$argon2id\$/)
})

t.test('a sign-in never answers tokens that were revoked meanwhile', async (t) => {
  let revocations = 0
  const { call, signUp } = await buildOverStores(t, ({ users }) => ({
    users: {
      ...users,
      async recordSignIn(id, signIn) {
        if (revocations-- > 0) await users.revokeTokens(id, Date.now())
        return users.recordSignIn(id, signIn)
      }
    }
  }))
  const { email } = await signUp()
  const signIn = () => call('POST', '/api/sign-in/', { json: { email, password: PASSWORD } })
  revocations = 1
  const { access } = (await signIn()).json()
  t.equal((await call('GET', '/api/profile/', { token: access })).statusCode, 200)
  revocations = 10
  t.equal((await signIn()).statusCode, 503)
})
