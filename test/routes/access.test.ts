import t from 'tap'
import { accessClaims, buildTestApp, mint, nowSeconds, SECRET } from '../helper.ts'

const NOT_PROVIDED = { detail: 'Authentication credentials were not provided.' }
const TWO_VALUES = {
  detail: 'Authorization header must contain two space-delimited values',
  code: 'bad_authorization_header'
}
const notValid = (message: string) => ({
  detail: 'Given token not valid for any token type',
  code: 'token_not_valid',
  messages: [{ token_class: 'AccessToken', token_type: 'access', message }]
})
const INVALID = notValid('Token is invalid or expired')
const NOT_FOUND = { detail: 'User not found', code: 'user_not_found' }

/** The same 32 bytes, with one of the two bits set that base64url leaves over. */
function respell(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const respelled = token.slice(0, -1) + alphabet[alphabet.indexOf(token.slice(-1)) + 1]
  const bytes = (one: string) => Buffer.from(one.split('.')[2] ?? '', 'base64url').toString('hex')
  if (bytes(respelled) !== bytes(token)) throw new Error('it is another signature')
  return respelled
}

const without = (claims: object, name: string) =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name))

t.test('a header without a bearer token is told apart from one of another shape', async (t) => {
  const { call, signUp } = await buildTestApp(t)
  const { access } = await signUp()
  const cases: [string | undefined, object][] = [
    [undefined, NOT_PROVIDED],
    ['', NOT_PROVIDED],
    [`Token ${access}`, NOT_PROVIDED],
    ['Basic YWxpY2U6eA==', NOT_PROVIDED],
    [access, NOT_PROVIDED],
    ['Bearer', TWO_VALUES],
    [`Bearer ${access} x`, TWO_VALUES],
    ['Bearer garbage', INVALID]
  ]
  for (const [authorization, answer] of cases) {
    const headers = authorization === undefined ? {} : { authorization }
    const response = await call('GET', '/api/profile/', { headers })
    t.equal(response.statusCode, 401)
    t.strictSame(response.json(), answer, authorization ?? 'none')
    t.equal(response.headers['www-authenticate'], 'Bearer realm="api"')
  }
  for (const scheme of ['Bearer', 'bearer', 'BEARER ']) {
    t.equal(
      (await call('GET', '/api/profile/', { headers: { authorization: `${scheme} ${access}` } })).statusCode,
      200
    )
  }
})

t.test('a token that is not good gets SimpleJWT’s answer and changes nothing', async (t) => {
  const { signUp, update, row } = await buildTestApp(t)
  const ada = await signUp()
  const before = row(ada.id)
  const claims = accessClaims(ada.id)
  const good = mint(claims)
  const header = (over: object) => ({ header: { alg: 'HS256', typ: 'JWT', ...over } })
  const [head = '', payload = '', signature = ''] = good.split('.')
  const cases: [name: string, token: string, answer: object][] = [
    ['two parts', `${head}.${payload}`, INVALID],
    ['four parts', `${good}.x`, INVALID],
    ['another payload', `${head}.${mint(accessClaims(ada.id + 1)).split('.')[1]}.${signature}`, INVALID],
    ['a cut signature', good.slice(0, -3), INVALID],
    ['another spelling of the signature', respell(good), INVALID],
    ['another key', mint(claims, { key: 'another' }), INVALID],
    [
      'no algorithm',
      `${mint(claims, header({ alg: 'none' }))
        .split('.')
        .slice(0, 2)
        .join('.')}.`,
      INVALID
    ],
    ['algorithm nOnE', mint(claims, header({ alg: 'nOnE' })), INVALID],
    ['algorithm HS512', mint(claims, { header: { alg: 'HS512', typ: 'JWT' }, hash: 'sha512' }), INVALID],
    ['a critical header', mint(claims, header({ crit: ['exp'], exp: 1 })), INVALID],
    ['a payload that is no JSON', mint('not json'), INVALID],
    ['expired', mint({ ...claims, exp: nowSeconds() - 300 }), INVALID],
    ['expiring as a text', mint({ ...claims, exp: 'soon' }), INVALID],
    ['expiring at null', mint({ ...claims, exp: null }), INVALID],
    ['not valid yet', mint({ ...claims, nbf: nowSeconds() + 300 }), INVALID],
    ['without expiry', mint(without(claims, 'exp')), notValid("Token has no 'exp' claim")],
    ['without an id', mint(without(claims, 'jti')), notValid('Token has no id')],
    ['without a type', mint(without(claims, 'token_type')), notValid('Token has no type')],
    ['of a null type', mint({ ...claims, token_type: null }), notValid('Token has wrong type')],
    ['of type Access', mint({ ...claims, token_type: 'Access' }), notValid('Token has wrong type')],
    ['a refresh token', ada.refresh, notValid('Token has wrong type')],
    [
      'without a user',
      mint(without(claims, 'user_id')),
      { detail: 'Token contained no recognizable user identification', code: 'token_not_valid' }
    ],
    ['of nobody', mint({ ...claims, user_id: 999_999 }), NOT_FOUND],
    ...[0, -1, 1.5, 1e30, null, [1], {}, 'abc', '1 or 1=1', true].map((user_id): [string, string, object] => [
      `of user ${JSON.stringify(user_id)}`,
      mint({ ...claims, user_id }),
      NOT_FOUND
    ])
  ]
  for (const [name, token, answer] of cases) {
    const response = await update({ ...ada, access: token }, { json: { first_name: 'written?' } })
    t.equal(response.statusCode, 401, name)
    t.strictSame(response.json(), answer, name)
    t.equal(response.headers['www-authenticate'], 'Bearer realm="api"')
    t.strictSame(row(ada.id), before, name)
  }
})

t.test('a token minted elsewhere with the same secret is taken, the id as number or text', async (t) => {
  const { signUp, update } = await buildTestApp(t)
  const ada = await signUp()
  const claims = accessClaims(ada.id)
  for (const minted of [
    claims,
    { ...claims, user_id: String(ada.id) },
    without(claims, 'iat'),
    { ...claims, iss: 'x', is_superuser: true }
  ]) {
    const response = await update(
      { ...ada, access: mint(minted, { key: SECRET }) },
      { json: { first_name: 'minted' } }
    )
    t.match(response.json(), { first_name: 'minted', is_superuser: false })
  }
})

t.test('a deactivated or deleted user’s tokens stop working at once', async (t) => {
  const { signUp, call, sql } = await buildTestApp(t)
  const ada = await signUp()
  sql('update users set is_active = 0 where id = ?', ada.id)
  const read = () => call('GET', '/api/profile/', { token: ada.access })
  t.strictSame((await read()).json(), { detail: 'User is inactive', code: 'user_inactive' })
  const refreshed = await call('POST', '/api/token/refresh/', { json: { refresh: ada.refresh } })
  t.equal(refreshed.statusCode, 401)
  sql('delete from users where id = ?', ada.id)
  t.strictSame((await read()).json(), NOT_FOUND)
})

t.test('refusals come in the order 401, 404, 403, 415, 413, 400', async (t) => {
  const { signUp, call, row } = await buildTestApp(t)
  const [ada, bob] = [await signUp(), await signUp()]
  const before = row(bob.id)
  const big = 'x'.repeat(1_100_000)
  const attempt = async (token: string | undefined, id: unknown, type: string, body: string) =>
    (await call('PUT', `/api/profile/${id}/update/`, { token, body, headers: { 'content-type': type } }))
      .statusCode
  t.equal(await attempt(undefined, 999_999, 'text/plain', big), 401)
  t.equal(await attempt(ada.access, 999_999, 'text/plain', big), 404)
  t.equal(await attempt(ada.access, bob.id, 'text/plain', big), 403)
  t.equal(await attempt(ada.access, ada.id, 'text/plain', big), 415)
  t.equal(await attempt(ada.access, ada.id, 'application/json', big), 413)
  t.equal(await attempt(ada.access, ada.id, 'application/json', '{'), 400)
  t.strictSame(row(bob.id), before)
})

t.test('an id that is none is nobody’s', async (t) => {
  const { signUp, call } = await buildTestApp(t)
  const { id, access } = await signUp()
  const ids = [
    '999999999',
    'abc',
    '0',
    '-1',
    '1.5',
    '9'.repeat(20),
    '9'.repeat(100),
    `${id}%20`,
    `%2B${id}`,
    `${id}e0`,
    '0x1'
  ]
  for (const other of ids) {
    const response = await call('PUT', `/api/profile/${other}/update/`, { token: access, json: {} })
    t.equal(response.statusCode, 404, other)
    t.strictSame(response.json(), { detail: 'Not found.' })
  }
  t.equal((await call('PUT', `/api/profile/0${id}/update/`, { token: access, json: {} })).statusCode, 200)
})

t.test('nobody reads, changes or deletes somebody else’s account, not even a superuser', async (t) => {
  const { signUp, call, row, sql } = await buildTestApp(t)
  const [ada, bob] = [await signUp(), await signUp()]
  sql('update users set is_staff = 1, is_superuser = 1 where id = ?', ada.id)
  const before = row(bob.id)
  for (const [method, path] of [
    ['PUT', 'update/'],
    ['PATCH', 'update/'],
    ['DELETE', 'delete/'],
    ['GET', '']
  ] as const) {
    const response = await call(method, `/api/profile/${bob.id}/${path}`, { token: ada.access })
    t.equal(response.statusCode, 403)
    t.strictSame(response.json(), { error: 'Not authorized' })
  }
  t.strictSame(row(bob.id), before)
})
