import t from 'tap'
import { findOptionFault, type JwksOptions, withDefaults } from '../../../src/identity/jwks-options.ts'

const NEEDED: JwksOptions = { url: 'https://id.example.com/keys', issuer: 'issuer', audience: 'profiles' }

t.test('what is not given has its default', (t) => {
  t.equal(findOptionFault(NEEDED), undefined)
  t.strictSame(withDefaults({ ...NEEDED, claims: { email: 'mail' } }), {
    ...NEEDED,
    algorithms: ['RS256', 'ES256', 'EdDSA'],
    autoProvision: false,
    clockToleranceSeconds: 5,
    claims: {
      subject: 'sub',
      audience: 'aud',
      username: 'preferred_username',
      email: 'mail',
      firstName: 'given_name',
      lastName: 'family_name'
    }
  })
  t.end()
})

t.test('keys come by HTTPS, or from this machine', (t) => {
  const urls: [url: unknown, taken: boolean][] = [
    ['https://id.example.com/keys', true],
    ['https://id.example.com:8443/realms/main/certs?v=1', true],
    ['http://localhost:8080/keys', true],
    ['http://127.0.0.1/keys', true],
    ['http://127.9.9.9/keys', true],
    ['http://[::1]:8080/keys', true],
    ['http://id.example.com/keys', false],
    ['http://localhost.example.com/keys', false],
    ['http://127.0.0.1.example.com/keys', false],
    ['http://10.0.0.1/keys', false],
    ['http://[::ffff:10.0.0.1]/keys', false],
    ['https://me:hunter2@id.example.com/keys', false],
    ['file:///etc/keys.json', false],
    ['data:application/json,{"keys":[]}', false],
    ['id.example.com/keys', false],
    ['', false],
    [undefined, false],
    [7, false]
  ]
  for (const [url, taken] of urls)
    t.equal(findOptionFault({ ...NEEDED, url })?.option, taken ? undefined : 'url', String(url))
  t.end()
})

t.test('an option that can’t be used is named, with what it takes and never what it was', (t) => {
  const wrong: [options: object, option: string, expected: RegExp][] = [
    [{ issuer: '' }, 'issuer', /as iss/],
    [{ issuer: 7 }, 'issuer', /as iss/],
    [{ issuer: '\ud800' }, 'issuer', /as iss/],
    [{ audience: ['profiles'] }, 'audience', /as aud/],
    [{ algorithms: [] }, 'algorithms', /one or more of RS256, ES256, EdDSA/],
    [{ algorithms: ['RS256', 'HS256'] }, 'algorithms', /one or more/],
    [{ algorithms: ['none'] }, 'algorithms', /one or more/],
    [{ algorithms: 'RS256' }, 'algorithms', /one or more/],
    [{ claims: 'sub' }, 'claims', /userId, subject, audience, username/],
    [{ claims: { phone: 'tel' } }, 'claims', /userId, subject/],
    [{ claims: { email: '' } }, 'claims', /userId, subject/],
    [{ claims: { email: 7 } }, 'claims', /userId, subject/],
    [{ autoProvision: 'yes' }, 'autoProvision', /true or false/],
    [{ autoProvision: true, claims: { userId: 'user_id' } }, 'autoProvision', /nobody is provisioned/],
    [{ clockToleranceSeconds: -1 }, 'clockToleranceSeconds', /0 to 300/],
    [{ clockToleranceSeconds: 301 }, 'clockToleranceSeconds', /0 to 300/],
    [{ clockToleranceSeconds: Number.NaN }, 'clockToleranceSeconds', /0 to 300/],
    [{ secret: 'hunter2' }, 'secret', /no such option/]
  ]
  for (const [options, option, expected] of wrong) {
    const fault = findOptionFault({ ...NEEDED, ...options })
    t.match(fault, { option, expected }, JSON.stringify(options))
    t.notMatch(fault, { expected: /hunter2/ })
  }
  t.end()
})
