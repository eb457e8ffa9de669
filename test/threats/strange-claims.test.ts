import t from 'tap'
import { accessClaims, buildTestApp, mint, nowSeconds } from '../helper.ts'

/**
 * Claims that no library writes, under a good signature (SimpleJWT answers 500 to some of them):
 * SimpleJWT's 401 where they say nothing that counts, and never a 500.
 */
const INVALID = {
  detail: 'Given token not valid for any token type',
  code: 'token_not_valid',
  messages: [{ token_class: 'AccessToken', token_type: 'access', message: 'Token is invalid or expired' }]
}

type Forgeries = [name: string, token: string][]

t.test(
  'strange claims under a good signature are refused, or taken for what they are; never a fault',
  async (t) => {
    const { signUp, call } = await buildTestApp(t)
    const { id } = await signUp()
    const soon = nowSeconds() + 600
    const raw = (name: string, value: string) =>
      mint(JSON.stringify(accessClaims(id, { [name]: 'VALUE' })).replace('"VALUE"', value))
    const texts = ['"NaN"', '"soon"', `"${soon}"`, 'null', 'true', '{}', '[]', `[${soon}]`, '""']
    const refused: Forgeries = [
      ...texts.map((value): Forgeries[number] => [`exp ${value}`, raw('exp', value)]),
      ...[
        '-1',
        '0',
        '-1e308',
        '-1e999',
        '1.5',
        '0.1e-300',
        `-${soon}`,
        `${nowSeconds() - 1}.5`,
        'NaN',
        'Infinity'
      ].map((value): Forgeries[number] => [`exp ${value}`, raw('exp', value)]),
      ...['"soon"', 'true', '{}', `[${soon}]`, `${soon}`, '1e999'].map((value): Forgeries[number] => [
        `nbf ${value}`,
        raw('nbf', value)
      ]),
      ...['null', '7', '""', '[]', '{}', 'true'].map((value): Forgeries[number] => [
        `jti ${value}`,
        raw('jti', value)
      ]),
      ['token_epoch null', raw('token_epoch', 'null')],
      ['token_epoch of another time', raw('token_epoch', '1')],
      ['token_epoch as a text', raw('token_epoch', '"0"')]
    ]
    for (const [name, token] of refused) {
      const { statusCode, body } = await call('GET', '/api/profile/', { token })
      t.equal(statusCode, 401, `${name}: ${body}`)
      t.strictSame(JSON.parse(body), INVALID, name)
    }
    const numbers = ['1e999', '1e308', '1e30', '9007199254740993', `${soon}.5`, `${soon}e0`]
    const odd: [string, string][] = [
      ...numbers.map((value): [string, string] => ['exp', value]),
      ['iat', '"soon"'],
      ['iat', '-1e999'],
      ['iat', '1e999'],
      ['jti', `"${'x'.repeat(5000)}"`],
      ['jti', '"\\u0000"'],
      ['jti', '"\\ud800"'],
      ['user_id', `"${id}"`],
      ['user_id', `"0000${id}"`],
      ['user_id', '"__proto__"'],
      ['user_id', '1e999'],
      ['__proto__', '{"token_type":"access","user_id":1}'],
      ['constructor', 'null']
    ]
    for (const [name, value] of odd) {
      for (const token_type of ['access', 'refresh']) {
        const token = mint(
          JSON.stringify(accessClaims(id, { [name]: 'VALUE', token_type })).replace('"VALUE"', value)
        )
        const answers = [
          await call('GET', '/api/profile/', { token }),
          await call('POST', '/api/token/verify/', { json: { token } }),
          await call('POST', '/api/token/refresh/', { json: { refresh: token } }),
          await call('POST', '/api/token/blacklist/', { json: { refresh: token } })
        ]
        for (const { statusCode, body } of answers)
          t.ok([200, 400, 401].includes(statusCode), `${name} ${value}, ${token_type}: ${statusCode} ${body}`)
      }
    }
  }
)
