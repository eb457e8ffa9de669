import t from 'tap'
import auth from '../../plugins/auth.ts'
import { openSqliteStores } from '../../src/stores/sqlite/open-sqlite.ts'
import { DJANGO_HASH, SECRET } from '../helper.ts'
import { AUDIENCE, ISSUER, makeKey, personClaims, startProvider } from '../identity-provider.ts'
import { hostApp } from './host/host-app.ts'

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

t.test('our own tokens open a host’s routes, with defaults where options are undefined', async (t) => {
  const stores = openSqliteStores({ path: ':memory:' })
  const app = hostApp(t)
  app.addHook('onClose', () => stores.close())
  const undefinedOptions = { accessTtlSeconds: undefined, refreshRotation: undefined }
  await app.register(auth, { jwtSecret: SECRET, stores, ...undefinedOptions } as never)
  app.get('/hello', { onRequest: app.authenticate }, async ({ currentUser }) => currentUser?.username)
  const texts = { firstName: '', lastName: '', numberPhone: null, passwordHash: DJANGO_HASH, dateJoined: 0 }
  const user = await stores.users.create({ username: 'ada', email: 'ada@example.com', ...texts })
  const pair = await app.sessions?.start(user)
  const hello = (token = '') => app.inject({ url: '/hello', headers: bearer(token) })
  t.equal((await hello(pair?.access)).body, 'ada')
  t.equal((await hello(pair?.refresh)).statusCode, 401)
  await stores.users.revokeTokens(user.id, Date.now())
  t.equal((await hello(pair?.access)).statusCode, 401)
  t.equal((await app.inject('/hello')).statusCode, 401)
})

t.test('so do those of an identity provider', async (t) => {
  const key = makeKey('ES256', 'one')
  const { url } = await startProvider(t, key)
  const stores = openSqliteStores({ path: ':memory:' })
  const app = hostApp(t)
  app.addHook('onClose', () => stores.close())
  const jwks = { url, issuer: ISSUER, audience: AUDIENCE, autoProvision: true }
  await app.register(auth, { jwks, stores })
  app.get('/hello', { onRequest: app.authenticate }, async ({ currentUser }) => currentUser?.username)
  t.equal(app.sessions, undefined)
  const hello = (token: string) => app.inject({ url: '/hello', headers: bearer(token) })
  t.equal((await hello(key.sign(personClaims('ada')))).body, 'ada')
  t.equal((await stores.users.list(undefined, 10)).length, 1)
  t.equal((await hello(makeKey('ES256', 'one').sign(personClaims('ada')))).statusCode, 401)
})

t.test('what can’t be used is named', async (t) => {
  const stores = openSqliteStores({ path: ':memory:' })
  t.teardown(() => stores.close())
  for (const [options, option] of [
    [{ stores }, 'jwtSecret'],
    [{ jwtSecret: SECRET, stores: { users: stores.users } }, 'stores.sessions'],
    [{ jwks: { url: 'http://id.example.com/', issuer: 'x', audience: 'x' }, stores }, 'jwks.url'],
    [{ jwks: { url: 'https://id.example.com/', issuer: 'x', audience: 'x' }, stores: {} }, 'stores.users']
  ] as const)
    await t.rejects(async () => hostApp(t).register(auth, options as never), {
      message: new RegExp(`option "${option}"`)
    })
})
