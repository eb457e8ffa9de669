import t from 'tap'
import { errors } from '../../src/errors.ts'
import { buildTestApp, FIELDS, PASSWORD, unique } from '../helper.ts'

const REQUIRED = ['This field is required.']
const BLANK = ['This field may not be blank.']
const NULL = ['This field may not be null.']

const claimsOf = (token: string) =>
  token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))

t.test('a sign-up answers the user and tokens with SimpleJWT’s claims, and never a password', async (t) => {
  const { call, row } = await buildTestApp(t)
  const username = unique('ada')
  const json = {
    username,
    email: `${username}@example.com`,
    password: PASSWORD,
    first_name: 'Ada',
    number_phone: '12'
  }
  const response = await call('POST', '/api/sign-up/', { json })
  t.equal(response.statusCode, 201)
  t.strictSame(Object.keys(response.json()).sort(), ['access', 'refresh', 'user'])
  const { user, access, refresh } = response.json()
  t.strictSame(Object.keys(user), FIELDS)
  t.match(user, {
    username,
    first_name: 'Ada',
    last_name: '',
    number_phone: '12',
    last_login: null,
    is_active: true
  })
  t.notMatch(response.body, /argon2|correct horse/)
  for (const [token, token_type, lifetime] of [
    [access, 'access', 86_400],
    [refresh, 'refresh', 1_209_600]
  ]) {
    const [header, claims] = claimsOf(token)
    t.match(header, { alg: 'HS256', typ: 'JWT' })
    t.strictSame(Object.keys(claims), ['token_type', 'exp', 'iat', 'jti', 'user_id', 'token_epoch'])
    t.match(claims, { token_type, user_id: user.id, jti: /^[0-9a-f]{32}$/ })
    t.equal(claims.exp - claims.iat, lifetime)
  }
  t.match(row(user.id), {
    password: /^argon2\$argon2id\$v=19\$m=19456,t=2,p=1\$/,
    is_staff: 0,
    is_superuser: 0
  })
})

t.test('forms sign up too', async (t) => {
  const { call } = await buildTestApp(t)
  const fields = () => {
    const username = unique('ada')
    return { username, email: `${username}@example.com`, password: PASSWORD }
  }
  const urlencoded = new URLSearchParams(fields()).toString()
  t.equal((await call('POST', '/api/sign-up', { urlencoded })).statusCode, 201)
  t.equal((await call('POST', '/api/sign-up/', { form: Object.entries(fields()) })).statusCode, 201)
})

t.test('what is missing, invalid, taken or weak is reported at once, and no account is made', async (t) => {
  const { call, signUp, row } = await buildTestApp(t)
  const bob = await signUp()
  const good = { username: 'newbie', email: 'newbie@example.com', password: PASSWORD }
  const cases: [object, object][] = [
    [{}, { username: REQUIRED, email: REQUIRED, password: REQUIRED }],
    [
      { username: '', email: '', password: '' },
      { username: BLANK, email: BLANK, password: BLANK }
    ],
    [
      { username: null, email: null, password: null },
      { username: NULL, email: NULL, password: NULL }
    ],
    [
      { ...good, password: 'abc' },
      {
        password: [
          'This password is too short. It must contain at least 8 characters.',
          'This password is too common.'
        ]
      }
    ],
    [{ ...good, password: 'password1' }, { password: ['This password is too common.'] }],
    [{ ...good, password: '73920185640' }, { password: ['This password is entirely numeric.'] }],
    [{ ...good, password: 'newbie-9' }, { password: ['The password is too similar to the username.'] }],
    [
      { ...good, password: 'p'.repeat(129) },
      { password: ['Ensure this field has no more than 128 characters.'] }
    ],
    [{ ...good, password: ['x'] }, { password: ['Not a valid string.'] }],
    [
      { ...good, number_phone: '12345678901' },
      { number_phone: ['Ensure this field has no more than 10 characters.'] }
    ],
    [
      { username: bob.username.toUpperCase(), email: bob.email.toUpperCase(), password: '1' },
      {
        username: ['A user with that username already exists.'],
        email: ['A user with that email already exists.'],
        password: [
          'This password is too short. It must contain at least 8 characters.',
          'This password is too common.',
          'This password is entirely numeric.'
        ]
      }
    ]
  ]
  for (const [json, answer] of cases) {
    const response = await call('POST', '/api/sign-up/', { json })
    t.equal(response.statusCode, 400)
    t.strictSame(response.json(), answer)
  }
  t.equal(row(bob.id + 1), undefined)
})

t.test('of many who race for one name exactly one signs up', async (t) => {
  const { call } = await buildTestApp(t)
  const names = ['straße', 'STRASSE', 'Straße', 'ｓｔｒａｓｓｅ', 'strasse', 'STRAßE']
  const answers = await Promise.all(
    names.map((username, index) =>
      call('POST', '/api/sign-up/', { json: { username, email: `${index}@example.com`, password: PASSWORD } })
    )
  )
  t.strictSame(answers.map(({ statusCode }) => statusCode).sort(), [201, 400, 400, 400, 400, 400])
})

t.test('spaces around a password belong to it', async (t) => {
  const { call } = await buildTestApp(t)
  const json = { username: 'ada', email: 'ada@example.com', password: ` ${PASSWORD} ` }
  t.equal((await call('POST', '/api/sign-up/', { json })).statusCode, 201)
  const signIn = (password: string) =>
    call('POST', '/api/sign-in/', { json: { email: json.email, password } })
  t.equal((await signIn(PASSWORD)).statusCode, 400)
  t.equal((await signIn(json.password)).statusCode, 200)
})

t.test('privileged fields are not taken from a stranger', async (t) => {
  const { call, row } = await buildTestApp(t)
  const json = {
    username: 'eve',
    email: 'eve@example.com',
    password: PASSWORD,
    is_staff: true,
    is_superuser: true,
    id: 77
  }
  const { user } = (await call('POST', '/api/sign-up/', { json })).json()
  t.match(user, { is_staff: false, is_superuser: false })
  t.equal(row(77), undefined)
})

t.test('a closed service takes no sign-ups, whatever they are', async (t) => {
  const { call } = await buildTestApp(t, { env: { SIGN_UP: 'closed' } })
  const response = await call('POST', '/api/sign-up/', { json: {} })
  t.equal(response.statusCode, 403)
  t.strictSame(response.json(), { error: 'Sign-up is closed.' })
})

t.test('of a sign-up that is refused nothing is kept, so that it can be tried again', async (t) => {
  const { app, call } = await buildTestApp(t)
  const { sessions } = app.stores
  const { start } = sessions
  sessions.start = () => Promise.reject(errors.storageFull())
  const json = { username: 'refused', email: 'refused@example.com', password: PASSWORD }
  const refused = await call('POST', '/api/sign-up/', { json })
  t.equal(refused.statusCode, 507)
  t.notOk(await app.stores.users.findForSignIn(json.username, 'username'))
  sessions.start = start
  t.equal((await call('POST', '/api/sign-up/', { json })).statusCode, 201)
})
