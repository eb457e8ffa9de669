import t from 'tap'
import { ALGORITHMS } from '../../../src/identity/algorithms.ts'
import { MAX_KID_CHARACTERS, MAX_TOKEN_BYTES, readHeader } from '../../../src/identity/compact-token.ts'
import { TokenRefusedError } from '../../../src/identity/token-refused.ts'

const encode = (text: string) => Buffer.from(text).toString('base64url')
const withHeader = (header: object | string) =>
  `${encode(typeof header === 'string' ? header : JSON.stringify(header))}.e30.c2ln`
const read = (token: string) => readHeader(token, ALGORITHMS)

t.test('headers of access tokens are read', (t) => {
  const good: [header: object, read: object][] = [
    [{ alg: 'RS256' }, { alg: 'RS256' }],
    [
      { alg: 'ES256', kid: '' },
      { alg: 'ES256', kid: '' }
    ],
    [{ alg: 'EdDSA', kid: 'k'.repeat(MAX_KID_CHARACTERS) }, { kid: 'k'.repeat(MAX_KID_CHARACTERS) }],
    [{ alg: 'RS256', kid: '../../../etc/passwd' }, { kid: '../../../etc/passwd' }],
    [{ alg: 'RS256', typ: 'JWT', x5t: 'x', nonce: 'y' }, { alg: 'RS256' }],
    [{ alg: 'RS256', typ: 'jwt' }, {}],
    [{ alg: 'RS256', typ: 'AT+JWT' }, {}],
    [{ alg: 'RS256', typ: 'application/at+jwt' }, {}]
  ]
  for (const [header, expected] of good) t.match(read(withHeader(header)), expected, JSON.stringify(header))
  t.end()
})

t.test('other headers are refused', (t) => {
  const headers: (object | string)[] = [
    ...[
      'none',
      'None',
      'nOnE',
      'HS256',
      'RS384',
      'PS256',
      'ES384',
      'rs256',
      'RS256 ',
      '',
      null,
      7,
      ['RS256']
    ].map((alg) => ({ alg })),
    ...['ID', '', 'logout+jwt', 'dpop+jwt', 'application/jwk', 'at+jwt ', null, 7, ['JWT']].map((typ) => ({
      alg: 'RS256',
      typ
    })),
    ...['k'.repeat(MAX_KID_CHARACTERS + 1), 7, null, ['k'], {}].map((kid) => ({ alg: 'RS256', kid })),
    ...['crit', 'b64', 'jku', 'jwk', 'x5u', 'x5c'].map((name) => ({ alg: 'RS256', [name]: null })),
    { alg: 'RS256', crit: ['exp'], exp: 1 },
    { alg: 'RS256', b64: false, crit: ['b64'] },
    {},
    [],
    'null',
    '"RS256"',
    '',
    '{"alg":"RS256"',
    '{"alg":"RS256"}{}',
    '\ufeff{"alg":"RS256"}',
    '{"alg":"none","alg":"RS256"}',
    '{"alg":"RS256","\\u0061lg":"RS256"}',
    '{"alg":"RS256","x":{"a":1,"a":2}}',
    '{"__proto__":{"alg":"RS256"}}'
  ]
  for (const header of headers)
    t.throws(() => read(withHeader(header)), TokenRefusedError, JSON.stringify(header))
  t.throws(() =>
    read(`${Buffer.from('{"alg":"RS256","x":"\xff"}', 'latin1').toString('base64url')}.e30.c2ln`)
  )
  t.throws(() => readHeader(withHeader({ alg: 'ES256' }), ['RS256']), TokenRefusedError)
  t.end()
})

t.test('a name that comes twice in different objects, or as a value, is no name twice', (t) => {
  const header =
    '{"a":{"alg":1},"b":[{"alg":2},{"alg":3}],"c":"alg","d":["alg","alg"],"e\\"":":","alg":"RS256"}'
  t.strictSame(read(withHeader(header)), { alg: 'RS256' })
  t.end()
})

t.test('only three parts, each in the one canonical spelling, are a token', (t) => {
  const good = withHeader({ alg: 'RS256' })
  const [header = '', payload, signature] = good.split('.')
  const others = [
    '',
    '..',
    header,
    `${header}.${payload}`,
    `${good}.`,
    `.${good}`,
    `${good}.${payload}`,
    `${header}..${payload}.${signature}`,
    ` ${good}`,
    `${good}\n`,
    `${header}.${payload} .${signature}`,
    `${good}=`,
    `${header}=.${payload}.${signature}`,
    `${header}.${payload}=.${signature}`,
    `${header}.e31.${signature}`,
    `${header}.${payload}.c2lnb`,
    `${header}.${payload}.c2k-/`,
    `${header}.${payload}.c2k+`,
    `${header}.${payload}.é`,
    JSON.stringify({ protected: header, payload, signature })
  ]
  t.strictSame(read(good), { alg: 'RS256' })
  for (const token of others) t.throws(() => read(token), TokenRefusedError, JSON.stringify(token))
  t.end()
})

t.test('a token is at most 8 KiB', (t) => {
  const longest = `${encode('{"alg":"RS256"}')}.e30.`
  const fill = MAX_TOKEN_BYTES - longest.length
  const signature = (length: number) => 'A'.repeat(length)
  t.strictSame(read(longest + signature(fill)), { alg: 'RS256' })
  t.throws(() => read(longest + signature(fill + 1)), { message: 'the token is too long' })
  t.end()
})
