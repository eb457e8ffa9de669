import { createHmac } from 'node:crypto'
import t from 'tap'
import { buildExternalApp, REFUSED } from '../../external-app.ts'
import { nowSeconds, SECRET, withDatabase } from '../../helper.ts'
import { externalClaims, ISSUER, makeKey, personClaims, startProvider } from '../../identity-provider.ts'

const rsa = makeKey('RS256', 'rsa')
const ec = makeKey('ES256', 'ec')
const ed = makeKey('EdDSA', 'ed')
const KEYS = [rsa, ec, ed]

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const hmac = (key: string | Buffer, header: object, claims: object) => {
  const signed = `${encode(header)}.${encode(claims)}`
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`
}

const good = personClaims('ada')

/** The last character with another in its place that decodes to the same bytes. */
function respell(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const bytes = Buffer.from(token.split('.')[2] ?? '', 'base64url')
  for (const last of alphabet) {
    const other = token.slice(0, -1) + last
    if (other !== token && Buffer.from(other.split('.')[2] ?? '', 'base64url').equals(bytes)) return other
  }
  throw new Error('there is no other spelling')
}

/** Tokens that somebody forged who has no key, or who has one of another kind. */
function forged(elsewhere: string): [name: string, token: string][] {
  const [pem, der] = [
    rsa.publicKey.export({ type: 'spki', format: 'pem' }),
    rsa.publicKey.export({ type: 'spki', format: 'der' })
  ]
  const pkcs1 = rsa.publicKey.export({ type: 'pkcs1', format: 'pem' })
  const modulus = String(rsa.jwk.n)
  const secrets: [name: string, secret: string | Buffer][] = [
    ['PEM', pem],
    ['PEM without its last line end', pem.toString().trim()],
    ['PKCS#1', pkcs1],
    ['DER', der],
    ['modulus', modulus],
    ['modulus’ bytes', Buffer.from(modulus, 'base64url')],
    ['JWK', JSON.stringify(rsa.jwk)],
    ['nothing', ''],
    ['our own secret', SECRET]
  ]
  const stranger = makeKey('RS256', 'rsa')
  const strangerEc = makeKey('ES256', 'ec')
  const [head, payload, signature] = rsa.sign(good).split('.') as [string, string, string]
  const noned = ['none', 'None', 'nOnE', 'NONE'].flatMap((alg): [string, string][] => [
    [alg, `${encode({ alg })}.${payload}.`],
    [`${alg} with a signature`, `${encode({ alg, kid: 'rsa' })}.${payload}.${signature}`]
  ])
  const base = { alg: 'RS256', kid: 'rsa' }
  const led: [string, string][] = Object.entries({
    jku: elsewhere,
    x5u: elsewhere,
    jwk: stranger.jwk,
    x5c: ['MIIB'],
    crit: ['exp'],
    b64: true
  }).flatMap(([name, value]) => [
    [`${name} of a stranger`, stranger.sign(good, { ...base, [name]: value })],
    [`${name} under a good signature`, rsa.sign(good, { ...base, [name]: value })]
  ])
  const kids = [
    '../../../../dev/null',
    '/etc/passwd',
    "rsa' or '1'='1",
    "x'; drop table users; --",
    'rsa\0',
    'RSA',
    '',
    'http://127.0.0.1/keys',
    'k'.repeat(257),
    '__proto__',
    'constructor'
  ].flatMap((kid): [string, string][] => [
    [`kid ${kid.slice(0, 30)}`, rsa.sign(good, { alg: 'RS256', kid })],
    [`kid ${kid.slice(0, 30)} with an empty secret`, hmac('', { alg: 'HS256', kid }, good)]
  ])
  return [
    ...noned,
    ...secrets.map(([name, secret]): [string, string] => [
      `HS256 by ${name}`,
      hmac(secret, { alg: 'HS256', kid: 'rsa', typ: 'JWT' }, good)
    ]),
    ...led,
    ...kids,
    ['RS256 said of the ES256 key', ec.sign(good, { alg: 'RS256', kid: 'ec' })],
    ['ES256 said of the RS256 key', rsa.sign(good, { alg: 'ES256', kid: 'rsa' })],
    ['EdDSA said of the ES256 key', ec.sign(good, { alg: 'EdDSA', kid: 'ec' })],
    ['RS256 under the name of the ES256 key', rsa.sign(good, { alg: 'RS256', kid: 'ec' })],
    ['another of the provider’s keys', ec.sign(good, { alg: 'ES256', kid: 'ed' })],
    ['a stranger’s key', stranger.sign(good)],
    ['a stranger’s key without its name', stranger.sign(good, { alg: 'RS256' })],
    ['a stranger’s key of another kind', strangerEc.sign(good)],
    ['PS256', rsa.sign(good, { alg: 'PS256', kid: 'rsa' })],
    ['RS512', rsa.sign(good, { alg: 'RS512', kid: 'rsa' })],
    [
      'an ECDSA signature of zeros',
      `${encode({ alg: 'ES256', kid: 'ec' })}.${payload}.${encode('\0'.repeat(64))}`
    ],
    ['an unencoded payload', rsa.sign(good, { ...base, b64: false, crit: ['b64'] })],
    ['the signature of another header', `${encode({ ...base, x: 1 })}.${payload}.${signature}`],
    ['the signature of other claims', `${head}.${encode(personClaims('root'))}.${signature}`],
    ['no signature', `${head}.${payload}.`],
    ['two parts', `${head}.${payload}`],
    ['a dot more', `${head}.${payload}.${signature}.`],
    ['a dot before', `.${head}.${payload}.${signature}`],
    ['five parts', `${head}.${payload}.${signature}.e30.e30`],
    ['padding', `${head}.${payload}.${signature}==`],
    ['padding within', `${head}=.${payload}.${signature}`],
    ['another last character', respell(rsa.sign(good))],
    ['Base64’s other letters', `${head}.${payload}.${signature}`.replaceAll('_', '/').replaceAll('-', '+')],
    ['JSON', JSON.stringify({ protected: head, payload, signature })],
    [
      'JSON with an unprotected header',
      JSON.stringify({ payload, signatures: [{ protected: head, header: {}, signature }] })
    ],
    ['too long', rsa.sign({ ...good, padding: 'x'.repeat(8000) })],
    ['a name twice in the header', rsa.sign(good, '{"alg":"none","alg":"RS256","kid":"rsa"}')]
  ]
}

/** Tokens that the provider signed, but not for this. */
function misused(): [name: string, token: string][] {
  const now = nowSeconds()
  const times = ['', `${now + 600}`, null, true, [now + 600], {}, -1]
  const claims: [name: string, claims: object | string][] = [
    ...['exp', 'nbf', 'iat'].flatMap((name) =>
      times.map((time): [string, object] => [`${name} ${JSON.stringify(time)}`, { ...good, [name]: time }])
    ),
    ...['exp', 'nbf', 'iat'].flatMap((name) =>
      ['1e999', '-1e999', 'NaN'].map((time): [string, string] => [
        `${name} ${time}`,
        JSON.stringify({ ...good, [name]: 0 }).replace(`"${name}":0`, `"${name}":${time}`)
      ])
    ),
    ['expired', { ...good, exp: now - 60 }],
    ['in force later', { ...good, nbf: now + 600 }],
    ['issued later', { ...good, iat: now + 600 }],
    ['another issuer', { ...good, iss: 'https://id.example.com/realms/other' }],
    ['the issuer with a slash', { ...good, iss: `${ISSUER}/` }],
    ['the issuer in a list', { ...good, iss: [ISSUER] }],
    ['another audience', { ...good, aud: 'account' }],
    ['other audiences', { ...good, aud: ['account', 'https://profiles.example.com/'] }],
    ['a list in a list', { ...good, aud: [[good.aud]] }],
    ...(['iss', 'aud', 'exp'] as const).map((name): [string, object] => [
      `no ${name}`,
      Object.fromEntries(Object.entries(good).filter(([other]) => other !== name))
    ]),
    ['a claim twice', `{"sub":"x",${JSON.stringify(good).slice(1)}`],
    ['a claim twice, escaped', `{"\\u0073ub":"x",${JSON.stringify(good).slice(1)}`],
    ['an ID token', { ...good, at_hash: 'x', nonce: 'n' }],
    ['an ID token of Keycloak', { ...good, typ: 'ID' }],
    ['an ID token of Cognito', { ...good, token_use: 'id' }],
    ['a refresh token of SimpleJWT', { ...good, token_type: 'refresh' }],
    ['a logout token', { ...good, events: {} }],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"ada"'],
    ['no JSON', 'ada'],
    ['nothing', '']
  ]
  const headers: [name: string, header: object][] = ['logout+jwt', 'dpop+jwt', 'ID', ''].map((typ) => [
    `typ ${typ}`,
    { alg: 'RS256', kid: 'rsa', typ }
  ])
  return [
    ...claims.map(([name, one]): [string, string] => [name, rsa.sign(one)]),
    ...headers.map(([name, header]): [string, string] => [name, rsa.sign(good, header)])
  ]
}

t.test('no token but the provider’s access tokens for us opens anything, and none tells why', async (t) => {
  const elsewhere = await startProvider(t, rsa)
  const { folder, read, provider } = await buildExternalApp(t, KEYS, { env: { AUTO_PROVISION: 'on' } })
  for (const [name, token] of [...forged(elsewhere.url), ...misused()])
    t.strictSame(await read(token), REFUSED, name)
  t.equal(elsewhere.asked(), 0, 'nobody was asked for keys but the provider')
  t.equal(provider.asked(), 1)
  const rows = withDatabase(`${folder}/data/profile.db`, (database) =>
    database.prepare('select * from users, user_identities').all()
  )
  t.strictSame(rows, [], 'and nobody came to be')
  for (const { sign, alg } of KEYS)
    t.match(await read(sign(good)), { status: 200, body: { username: 'ada' } }, alg)
})

t.test(
  'a header that holds no token, or more than one, is refused before any of it is looked at',
  async (t) => {
    const { call, provider } = await buildExternalApp(t, KEYS)
    const token = rsa.sign(good)
    const headers: [authorization: string, code: string | undefined][] = [
      [`Bearer ${token} ${token}`, 'bad_authorization_header'],
      [`Bearer ${token.replace('.', ' .')}`, 'bad_authorization_header'],
      [`Bearer {"payload": "${token}"}`, 'bad_authorization_header'],
      ['Bearer', 'bad_authorization_header'],
      [`Basic ${token}`, undefined],
      [token, undefined]
    ]
    for (const [authorization, code] of headers) {
      const response = await call('GET', '/api/profile/', { headers: { authorization } })
      t.equal(response.statusCode, 401, authorization.slice(0, 20))
      t.equal(response.json().code, code, authorization.slice(0, 20))
      t.equal(response.headers['www-authenticate'], 'Bearer realm="api"')
    }
    t.equal(provider.asked(), 0)
  }
)

t.test('an algorithm that is not on the list is refused, whatever the provider publishes', async (t) => {
  const { read } = await buildExternalApp(t, KEYS, {
    env: { JWT_ALGORITHMS: 'ES256', AUTO_PROVISION: 'on' }
  })
  for (const { sign, alg } of KEYS) t.equal((await read(sign(good))).status, alg === 'ES256' ? 200 : 401, alg)
})

t.test('keys that prove nothing are not used, though the provider publishes them', async (t) => {
  const shared = { kty: 'oct', kid: 'oct', k: encode('x'.repeat(64)), alg: 'HS256' }
  const small = { ...rsa.jwk, n: encode(Buffer.alloc(128, 0xff).toString('latin1')), kid: 'small' }
  const { read, provider } = await buildExternalApp(t, [], { env: { AUTO_PROVISION: 'on' } })
  const keys = [shared, small, { ...rsa.jwk, use: 'enc' }, { ...ec.jwk, alg: 'ES384' }, ed.jwk, ed.jwk]
  provider.answer((_, response) => response.end(JSON.stringify({ keys })))
  const tokens = [
    hmac('x'.repeat(64), { alg: 'HS256', kid: 'oct' }, good),
    rsa.sign(good, { alg: 'RS256', kid: 'small' }),
    rsa.sign(good),
    ec.sign(good),
    ed.sign(good)
  ]
  for (const token of tokens) t.strictSame(await read(token), REFUSED)
})

t.test('a token says why it was refused in the log, at the level debug, and nothing of itself', async (t) => {
  const lines: string[] = []
  const logger = { level: 'debug', stream: { write: (line: string) => void lines.push(line) } }
  const { read } = await buildExternalApp(t, KEYS, { logger })
  const tokens: [token: string, reason: RegExp][] = [
    [rsa.sign({ ...good, exp: 1 }), /it has expired/],
    [rsa.sign({ ...good, aud: 'other' }), /another audience/],
    [makeKey('ES256', 'ec').sign(good), /signature is not good/],
    [makeKey('ES256', 'other').sign(good), /no such key/],
    [`${rsa.sign(good)}=`, /canonical/]
  ]
  for (const [token, reason] of tokens) {
    lines.length = 0
    await read(token)
    const written = lines.join('')
    t.match(written, reason)
    for (const part of token.split('.')) t.notOk(written.includes(part), 'no part of a token is logged')
  }
})

t.test('a subject that is none names nobody', async (t) => {
  const { read } = await buildExternalApp(t, KEYS, { env: { AUTO_PROVISION: 'on' } })
  const body = { detail: 'Token contained no recognizable user identification', code: 'token_not_valid' }
  const { sub, ...nobody } = externalClaims('x')
  t.type(sub, 'string')
  for (const claims of [nobody, ...['', 7, null, ['x'], 'x'.repeat(256)].map((sub) => ({ ...nobody, sub }))])
    t.strictSame(await read(rsa.sign(claims)), { status: 401, body })
  t.strictSame(await read(rsa.sign(`{"sub":"\\ud800",${JSON.stringify(nobody).slice(1)}`)), {
    status: 401,
    body
  })
})
