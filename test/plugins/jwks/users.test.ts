import t from 'tap'
import type { UserId } from '../../../src/users/user.ts'
import { newUser } from '../../contracts/user-store.ts'
import { buildExternalApp, REFUSED } from '../../external-app.ts'
import { nowSeconds, stoppedClock } from '../../helper.ts'
import { externalClaims, ISSUER, makeKey, personClaims } from '../../identity-provider.ts'

const key = makeKey('RS256', 'key')
const NOT_FOUND = { status: 401, body: { detail: 'User not found', code: 'user_not_found' } }
const INACTIVE = { status: 401, body: { detail: 'User is inactive', code: 'user_inactive' } }

t.test('somebody whom nobody provisioned is not found, and nobody comes to be', async (t) => {
  const { app, read } = await buildExternalApp(t, [key])
  t.strictSame(await read(key.sign(personClaims('ada'))), NOT_FOUND)
  t.equal(await app.stores.users.isEmpty(), true)
  const identity = { issuer: ISSUER, subject: 'id of ada' }
  const { user } = await app.stores.identities.provision(identity, newUser('lady'))
  t.match(await read(key.sign(personClaims('ada'))), { status: 200, body: { id: user.id, username: 'lady' } })
})

t.test('whoever comes with a token has the profile’s routes, and their own only', async (t) => {
  const { call, read, row } = await buildExternalApp(t, [key], { env: { AUTO_PROVISION: 'on' } })
  const [ada, bob] = [key.sign(personClaims('ada')), key.sign(personClaims('bob'))]
  const [id, other] = [(await read(ada)).body.id as number, (await read(bob)).body.id as number]
  const update = (who: number, token: string) =>
    call('PATCH', `/api/profile/${who}/update/`, { token, json: { first_name: 'Augusta' } })
  t.equal((await update(id, ada)).json().first_name, 'Augusta')
  t.match(row(id), { first_name: 'Augusta' })
  t.equal((await update(other, ada)).statusCode, 403)
  t.match(row(other), { first_name: 'Ada' })
  t.equal((await call('DELETE', `/api/profile/${id}/delete/`, { token: ada })).statusCode, 204)
  t.equal(row(id), undefined)
})

t.test('there is no way to sign up, to sign in or to get tokens here', async (t) => {
  const { call, app } = await buildExternalApp(t, [key])
  const paths = [
    'sign-up',
    'sign-in',
    'token',
    'token/refresh',
    'token/verify',
    'token/blacklist',
    'session',
    'sign-out-everywhere'
  ]
  for (const path of paths) t.equal((await call('POST', `/api/${path}/`, { json: {} })).statusCode, 404, path)
  t.equal(await app.stores.users.isEmpty(), true)
})

t.test('where a claim is our own id, it names the user, and nobody is provisioned', async (t) => {
  const env = { JWT_CLAIMS: 'userId=user_id' }
  const { app, read, row } = await buildExternalApp(t, [key], { env })
  const { id } = await app.stores.users.create(newUser('ada'))
  const simple = (userId: unknown, over: object = {}) =>
    key.sign(externalClaims('x', { token_type: 'access', jti: 'j', user_id: userId, ...over }))
  for (const userId of [id, String(id)]) t.match(await read(simple(userId)), { status: 200, body: { id } })
  for (const userId of [id + 1, 0, -id, id + 0.5, `${id}.0`, 'ada', null, [id], true])
    t.strictSame(await read(simple(userId)), NOT_FOUND, JSON.stringify(userId))
  t.match(await read(simple(undefined)), {
    status: 401,
    body: { detail: 'Token contained no recognizable user identification', code: 'token_not_valid' }
  })
  t.strictSame(await read(simple(id, { token_type: 'refresh' })), REFUSED)
  t.equal(row(id + 1), undefined)
  await app.stores.users.delete(id)
  t.strictSame(await read(simple(id)), NOT_FOUND, 'also with a token that was known')
})

t.test(
  'who is deactivated stays out, with old and new tokens, and no account takes their place',
  async (t) => {
    const clock = stoppedClock()
    const { app, read } = await buildExternalApp(t, [key], { env: { AUTO_PROVISION: 'on' }, clock })
    const token = key.sign(personClaims('ada'))
    const id = (await read(token)).body.id as UserId
    await app.stores.users.setActive(id, false, clock.now())
    t.strictSame(await read(token), INACTIVE)
    t.strictSame(await read(key.sign(personClaims('ada', { jti: 'new' }))), INACTIVE)
    t.equal((await app.stores.users.list(undefined, 10)).length, 1)
  }
)

t.test('tokens from before all were revoked are refused, those from after are taken', async (t) => {
  const clock = stoppedClock()
  const { app, read } = await buildExternalApp(t, [key], { env: { AUTO_PROVISION: 'on' }, clock })
  const now = nowSeconds()
  const issued = (iat: number | undefined, over: object = {}) =>
    key.sign(personClaims('ada', { iat, ...over }))
  const before = issued(now - 10)
  const id = (await read(before)).body.id as UserId
  await app.stores.users.revokeTokens(id, now * 1000)
  const refused = [
    before,
    issued(now - 9),
    issued(now),
    issued(undefined),
    issued(now - 9, { token_epoch: now * 1000 })
  ]
  for (const token of refused) t.strictSame(await read(token), REFUSED)
  t.match(await read(issued(now + 1)), { status: 200, body: { id } })
})
