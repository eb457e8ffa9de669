import t from 'tap'
import { findClaimFault } from '../../../src/identity/access-claims.ts'

const NOW = 1_700_000_000
const RULES = {
  issuer: 'https://id.example.com/tenant/7',
  audience: 'profiles',
  audienceClaim: 'aud',
  clockToleranceSeconds: 5
}
const GOOD = { iss: RULES.issuer, aud: 'profiles', exp: NOW + 60 }

const faultOf = (claims: Record<string, unknown>, rules = RULES) => findClaimFault(claims, rules, NOW * 1000)

t.test('access tokens for us that are in force are taken', (t) => {
  const good: Record<string, unknown>[] = [
    {},
    { aud: ['profiles'] },
    { aud: ['other', 'profiles'] },
    { exp: NOW - 4.5 },
    { exp: NOW + 0.5 },
    { exp: Number.MAX_VALUE },
    { nbf: NOW + 5, iat: NOW + 5 },
    { nbf: 0, iat: NOW - 1e6 },
    { typ: 'Bearer' },
    { token_use: 'access' },
    { token_type: 'access' },
    { scope: 'openid email', azp: 'web', nonce: 'n' }
  ]
  for (const claims of good) t.equal(faultOf({ ...GOOD, ...claims }), undefined, JSON.stringify(claims))
  t.end()
})

t.test('others are not', (t) => {
  const times = ['1800000000', '', null, true, [NOW + 60], {}, Number.NaN, Infinity, -1, -Infinity]
  const faulty: Record<string, unknown>[] = [
    ...[
      '',
      'https://id.example.com/tenant/7/',
      'https://id.example.com/tenant/77',
      null,
      7,
      [RULES.issuer]
    ].map((iss) => ({ iss })),
    ...[
      '',
      'profile',
      'profiles ',
      'Profiles',
      null,
      7,
      [],
      ['other'],
      [['profiles']],
      ['profiles', 7],
      {}
    ].map((aud) => ({ aud })),
    ...times.flatMap((time) => [{ exp: time }, { nbf: time }, { iat: time }]),
    { exp: undefined },
    { exp: NOW - 5 },
    { exp: 0 },
    { nbf: NOW + 6 },
    { iat: NOW + 6 },
    ...['ID', 'Refresh', 'Offline', 'DPoP', 7, null].map((typ) => ({ typ })),
    { token_use: 'id' },
    { token_type: 'refresh' },
    { token_type: 'sliding' },
    { at_hash: 'x' },
    { c_hash: 'x' },
    { s_hash: 'x' },
    { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }
  ]
  for (const claims of faulty) t.type(faultOf({ ...GOOD, ...claims }), 'string', JSON.stringify(claims))
  for (const name of Object.keys(GOOD))
    t.type(
      faultOf(Object.fromEntries(Object.entries(GOOD).filter(([other]) => other !== name))),
      'string',
      name
    )
  t.end()
})

t.test('another claim may name the audience, and is then the only one', (t) => {
  const rules = { ...RULES, audienceClaim: 'client_id' }
  const { aud, ...cognito } = GOOD
  t.equal(faultOf({ ...cognito, client_id: 'profiles', token_use: 'access' }, rules), undefined)
  t.type(faultOf({ ...cognito, client_id: 'other', aud }, rules), 'string')
  t.type(faultOf(cognito, { ...RULES, audienceClaim: 'constructor' }), 'string')
  t.end()
})
