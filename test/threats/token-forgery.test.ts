import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { accessClaims, buildTestApp, mint, SECRET } from '../helper.ts'
import { run } from '../service.ts'

/**
 * Tokens that nobody signed who knows the secret (GHSA-ww5h-9m49-7xx4, GHSA-8wpc-h4q6-8fxv, fast-jwt's issues 588,
 * 589, 590, 594 and 610): the answer is SimpleJWT's 401, also right after a good token of the same user was taken, and
 * nothing is fetched, read or written.
 */
const INVALID = {
  detail: 'Given token not valid for any token type',
  code: 'token_not_valid',
  messages: [{ token_class: 'AccessToken', token_type: 'access', message: 'Token is invalid or expired' }]
}
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

const encode = (text: string | Buffer) => Buffer.from(text).toString('base64url')
const part = (value: unknown) => encode(JSON.stringify(value))

/** Signed by HMAC with a key, whatever the header says. */
function hmac(header: string, claims: object, key: string | Buffer, hash = 'sha256'): string {
  const signed = `${encode(header)}.${part(claims)}`
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const PEM = String(rsa.publicKey.export({ type: 'spki', format: 'pem' }))

type Forgeries = [name: string, token: string][]

/** What somebody makes who does not know the secret. */
function forgeries(claims: object, elsewhere: string): Forgeries {
  const payload = part(claims)
  const key = 'a-key-of-the-attacker-0123456789-0123456789'
  const own = { kty: 'oct', k: encode(key), alg: 'HS256', kid: 'mine' }
  const led = (over: object, with_: string | Buffer = key) =>
    hmac(JSON.stringify({ alg: 'HS256', typ: 'JWT', ...over }), claims, with_)
  const rs256 = `${part({ alg: 'RS256', typ: 'JWT' })}.${payload}`
  return [
    ...['none', 'None', 'nOnE', 'NONE', ' none', '', 'null'].flatMap(
      (alg): Forgeries => [
        [`alg ${alg}`, `${part({ alg, typ: 'JWT' })}.${payload}.`],
        [`alg ${alg}, two parts`, `${part({ alg, typ: 'JWT' })}.${payload}`],
        [`alg ${alg}, signed with nothing`, hmac(JSON.stringify({ alg }), claims, '')],
        [`alg ${alg}, a signature of zeros`, `${part({ alg })}.${payload}.${'A'.repeat(43)}`]
      ]
    ),
    ...[
      '',
      ' ',
      'null',
      'undefined',
      '0',
      '[object Object]',
      SECRET.slice(0, -1),
      `${SECRET}\n`,
      ` ${SECRET}`
    ].map((one): Forgeries[number] => [`signed with ${JSON.stringify(one)}`, led({}, one)]),
    ['signed with the secret’s Base64', led({}, Buffer.from(SECRET).toString('base64'))],
    ['signed with what the secret decodes to', led({}, Buffer.from(SECRET, 'base64'))],
    ...[PEM, `\n${PEM}`, PEM.trim()].map((pem): Forgeries[number] => ['signed with a PEM', led({}, pem)]),
    [
      'RS256 by a key of one’s own',
      `${rs256}.${sign('sha256', Buffer.from(rs256), rsa.privateKey).toString('base64url')}`
    ],
    ['a jwk', led({ jwk: own })],
    ['an RSA jwk', `${led({ jwk: rsa.publicKey.export({ format: 'jwk' }) })}`],
    ['a jku', led({ jku: `${elsewhere}/jku`, kid: 'mine' })],
    ['an x5u', led({ x5u: `${elsewhere}/x5u` })],
    ['an x5c', led({ x5c: [encode(PEM)] })],
    ...[
      'mine',
      '/dev/null',
      '../../../../dev/null',
      `${elsewhere}/kid`,
      "' UNION SELECT 'key",
      '$(id)',
      '\0'
    ].flatMap(
      (kid): Forgeries => [
        [`kid ${JSON.stringify(kid)}`, led({ kid })],
        [`kid ${JSON.stringify(kid)}, signed with nothing`, led({ kid }, '')]
      ]
    ),
    ...[['HS256'], ['none'], {}, null, 256, true].map((alg): Forgeries[number] => [
      `alg ${JSON.stringify(alg)}`,
      led({ alg })
    ]),
    ['nothing signed', '..'],
    ['only dots', '.'.repeat(5000)],
    ['long', `${'e'.repeat(3000)}.${'e'.repeat(3000)}.${'A'.repeat(43)}`]
  ]
}

/** Signed with the secret, but not as this service's tokens are. */
const otherwise = (claims: object): Forgeries => [
  ['HS384', hmac('{"alg":"HS384"}', claims, SECRET, 'sha384')],
  ['HS512', hmac('{"alg":"HS512"}', claims, SECRET, 'sha512')],
  ['HS512 that says HS256', hmac('{"alg":"HS256"}', claims, SECRET, 'sha512')],
  ['none with a good signature', hmac('{"alg":"none"}', claims, SECRET)],
  ['hs256', hmac('{"alg":"hs256"}', claims, SECRET)],
  ['a list of algorithms', hmac('{"alg":["HS256"]}', claims, SECRET)],
  ['two algorithms', hmac('{"alg":"HS256","alg":"none"}', claims, SECRET)],
  ['no algorithm', hmac('{"typ":"JWT"}', claims, SECRET)],
  ['a header that is a list', hmac('[{"alg":"HS256"}]', claims, SECRET)],
  ['a header that is null', hmac('null', claims, SECRET)],
  ['a header that is no JSON', hmac("{'alg':'HS256'}", claims, SECRET)],
  ['a critical b64', hmac('{"alg":"HS256","crit":["b64"],"b64":false}', claims, SECRET)],
  ['a critical nothing', hmac('{"alg":"HS256","crit":[]}', claims, SECRET)],
  ...['null', '[]', '"text"', '1', 'true', '', '{', '{}{}', `${'['.repeat(2000)}`].map(
    (payload): Forgeries[number] => [`the payload ${payload.slice(0, 20)}`, mint(payload)]
  )
]

/** Other spellings of a good token. */
function respelled(token: string): Forgeries {
  const [head = '', payload = '', signature = ''] = token.split('.')
  const join = (...parts: string[]) => parts.join('.')
  const flipped = [...token].flatMap((character, index): Forgeries => {
    if (character === '.') return []
    const other = ALPHABET[ALPHABET.indexOf(character) ^ 1]
    return [[`character ${index} by a bit`, token.slice(0, index) + other + token.slice(index + 1)]]
  })
  const last = ALPHABET.indexOf(signature.slice(-1))
  const sameBytes = [1, 2, 3].map((bits): Forgeries[number] => [
    `the signature’s spare bits ${bits}`,
    token.slice(0, -1) + ALPHABET[last ^ bits]
  ])
  return [
    ...flipped,
    ...sameBytes,
    ['padded', `${token}=`],
    ['padded in front', join(`${head}=`, payload, signature)],
    ['padded in the middle', join(head, `${payload}==`, signature)],
    ['a part more', `${token}.`],
    ['a part more in front', `.${token}`],
    ['parts swapped', join(payload, head, signature)],
    ['twice', join(token, token)],
    ['cut', token.slice(0, -1)],
    ['a character more', `${token}A`],
    ['in quotes', `"${token}"`],
    ['with a comma', `${token},`],
    ['two with a comma', `${token},${token}`],
    ['percent-encoded', token.replaceAll('.', '%2E')],
    ['in upper case', token.toUpperCase()],
    ['a prefix', `x${token}`],
    ['a scheme', `JWT:${token}`]
  ]
}

t.test('whoever does not sign as the service does gets nowhere', async (t) => {
  const asked: (string | undefined)[] = []
  const elsewhere = createServer((request, response) => {
    asked.push(request.url)
    response.end('{"keys":[]}')
  })
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
  t.teardown(() => elsewhere.close())
  const { port } = elsewhere.address() as AddressInfo
  const { signUp, update, call, row } = await buildTestApp(t)
  const ada = await signUp()
  const before = row(ada.id)
  const claims = accessClaims(ada.id)
  const good = mint(claims)
  const tried = [...forgeries(claims, `http://127.0.0.1:${port}`), ...otherwise(claims), ...respelled(good)]
  t.ok(tried.length > 300)
  for (const known of [false, true]) {
    if (known) t.equal((await call('GET', '/api/profile/', { token: good })).statusCode, 200)
    for (const [name, token] of tried) {
      const response = await update({ ...ada, access: token }, { json: { first_name: 'written?' } })
      if (response.statusCode !== 401 || response.body !== JSON.stringify(INVALID))
        t.fail(`${name}: ${response.statusCode} ${response.body}`)
    }
    for (const [name, token] of tried.filter(([, token]) => token.trim() !== '')) {
      const response = await call('POST', '/api/token/verify/', { json: { token } })
      if (response.statusCode !== 401) t.fail(`verify, ${name}: ${response.statusCode} ${response.body}`)
    }
  }
  t.strictSame(asked, [], 'nobody was asked for a key')
  t.strictSame(row(ada.id), before)
})

t.test('the service does not start on a secret that could be guessed', async (t) => {
  for (const secret of ['x', 'x'.repeat(31), ` ${'x'.repeat(31)} `]) {
    const { ended } = run(t.testdir(), { env: { PORT: '0', JWT_SECRET: secret } })
    const { code, stderr, stdout } = await ended
    t.not(code, 0)
    t.match(stderr, /JWT_SECRET: expected at least 32 characters/)
    t.notMatch(stderr + stdout, /xxxxx/, 'and does not show it')
  }
})
