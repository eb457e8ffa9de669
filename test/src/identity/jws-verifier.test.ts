import { readFileSync } from 'node:fs'
import t from 'tap'
import { ALGORITHMS } from '../../../src/identity/algorithms.ts'
import { createJwsVerifier } from '../../../src/identity/jws-verifier.ts'
import { createKeyFinder } from '../../../src/identity/key-finder.ts'
import { TokenRefusedError } from '../../../src/identity/token-refused.ts'

/** What a token carries, verified by a set of keys as it was published; undefined where it is refused. */
async function verify(keys: readonly object[], token: string): Promise<string | undefined> {
  const find = await createKeyFinder({ keys })
  const verifier = createJwsVerifier(ALGORITHMS, async (header) => {
    const key = await find(header)
    if (!key) throw new TokenRefusedError('no key')
    return key
  })
  try {
    return Buffer.from(await verifier(token)).toString()
  } catch (error) {
    if (error instanceof TokenRefusedError) return undefined
    throw error
  }
}

const PAYLOAD =
  'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ'
const CLAIMS = '{"iss":"joe",\r\n "exp":1300819380,\r\n "http://example.com/is_root":true}'
const RSA = {
  kty: 'RSA',
  n: 'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ',
  e: 'AQAB'
}
const EC = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0'
}
const OKP = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }
const OCT = {
  kty: 'oct',
  k: 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow'
}

/** The examples of RFC 7515, appendix A, and RFC 8037, appendix A.4. */
const EXAMPLES = {
  A1: `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${PAYLOAD}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`,
  A2: `eyJhbGciOiJSUzI1NiJ9.${PAYLOAD}.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw`,
  A3: `eyJhbGciOiJFUzI1NiJ9.${PAYLOAD}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q`,
  A5: `eyJhbGciOiJub25lIn0.${PAYLOAD}.`,
  EdDSA:
    'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg'
}

t.test('the RFCs’ examples are verified, each by its key alone, among others and not without', async (t) => {
  const all = [RSA, EC, OKP, OCT]
  const good: [example: string, key: object, carried: string][] = [
    [EXAMPLES.A2, RSA, CLAIMS],
    [EXAMPLES.A3, EC, CLAIMS],
    [EXAMPLES.EdDSA, OKP, 'Example of Ed25519 signing']
  ]
  for (const [token, key, carried] of good) {
    t.equal(await verify([key], token), carried)
    t.equal(await verify(all, token), carried, 'the only one of its kind needs no name')
    t.equal(
      await verify(
        all.filter((other) => other !== key),
        token
      ),
      undefined
    )
    t.equal(await verify([key, { ...key, kid: 'other' }], token), undefined, 'of two none is tried')
    const altered = token.replace(/\.([^.])/, (_, first) => `.${first === 'e' ? 'f' : 'e'}`)
    t.equal(await verify([key], altered), undefined)
  }
  for (const token of [EXAMPLES.A1, EXAMPLES.A5])
    for (const keys of [[OCT], [RSA], all]) t.equal(await verify(keys, token), undefined)
})

t.test('a key is used only for what it says that it is for', async (t) => {
  const token = EXAMPLES.A2
  const keys: [name: string, key: object, used: boolean][] = [
    ['for signatures', { ...RSA, use: 'sig', alg: 'RS256', key_ops: ['verify'] }, true],
    ['for encryption', { ...RSA, use: 'enc' }, false],
    ['for another algorithm', { ...RSA, alg: 'PS256' }, false],
    ['for an algorithm that is no text', { ...RSA, alg: ['RS256'] }, false],
    ['for other operations', { ...RSA, key_ops: ['encrypt', 'wrapKey'] }, false],
    ['with operations that are no list', { ...RSA, key_ops: 'verify' }, false],
    ['private', { ...RSA, d: 'AQAB' }, false],
    ['with a name that is no text', { ...RSA, kid: 7 }, false],
    ['of another kind', { ...RSA, kty: 'EC', crv: 'P-256', x: EC.x, y: EC.y }, false],
    ['even', { ...RSA, e: 'AQAA' }, false],
    ['with a huge exponent', { ...RSA, e: RSA.n.slice(0, 40) }, false],
    ['huge', { ...RSA, n: RSA.n.repeat(5) }, false],
    ['no key', { kty: 'RSA' }, false]
  ]
  for (const [name, key, used] of keys) t.equal(await verify([key], token), used ? CLAIMS : undefined, name)
  t.equal(await verify([{ ...EC, crv: 'P-384' }], EXAMPLES.A3), undefined)
  t.equal(await verify([{ ...OKP, crv: 'X25519' }], EXAMPLES.EdDSA), undefined)
})

t.test('what is no set of keys is none', async (t) => {
  for (const set of [null, 7, [], 'keys', {}, { keys: {} }, { keys: 'x' }])
    await t.rejects(createKeyFinder(set), /no set of keys/)
  const find = await createKeyFinder({ keys: [null, 7, 'x', [], {}] })
  t.equal(await find({ alg: 'RS256' }), undefined, 'and what are no keys are none of it')
})

interface Group {
  comment: string
  key: { keys?: object[]; alg?: string }
  tests: { tcId: number; comment: string; jws: string; result: string }[]
}

const wycheproof: { signatures: Group[]; keys: Group[] } = JSON.parse(
  readFileSync(new URL('wycheproof.json', import.meta.url), 'utf8')
)

/** The algorithms of keys that there is none of here; whatever is valid by them is refused. */
const OTHER_ALGORITHMS = /^(?:HS|PS|ES521|RS384|RS512)/

for (const file of ['signatures', 'keys'] as const) {
  t.test(`Wycheproof’s ${file}: what is valid is verified, and nothing else`, async (t) => {
    for (const { comment: group, key, tests } of wycheproof[file]) {
      const keys = key.keys ?? [key]
      for (const { tcId, comment, jws, result } of tests) {
        const isOther = keys.some((one) => OTHER_ALGORITHMS.test(String(Reflect.get(one, 'alg'))))
        const expected = result === 'valid' && !isOther
        t.equal((await verify(keys, jws)) !== undefined, expected, `${tcId}: ${group}, ${comment}`)
      }
    }
  })
}
