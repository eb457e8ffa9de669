import fastifyJwt from '@fastify/jwt'
import t from 'tap'
import userProfile from '../../../plugins/user-profile.ts'
import { openSqliteStores } from '../../../src/stores/sqlite/open-sqlite.ts'
import { DJANGO_HASH, SECRET } from '../../helper.ts'
import { clientOf, hostApp, rowsOf } from './host-app.ts'

const SENTENCES = {
  nobody: { detail: 'Authentication credentials were not provided.' },
  gone: { detail: 'User not found', code: 'user_not_found' },
  inactive: { detail: 'User is inactive', code: 'user_inactive' }
}

t.test('a host’s own authentication says who asks, and there are no routes for signing in', async (t) => {
  const folder = t.testdir()
  const stores = openSqliteStores({ path: `${folder}/profile.db` })
  t.teardown(() => stores.close())
  const texts = { firstName: '', lastName: '', numberPhone: null, passwordHash: DJANGO_HASH, dateJoined: 0 }
  const ada = await stores.users.create({ username: 'ada', email: 'ada@example.com', ...texts })
  const bob = await stores.users.create({ username: 'bob', email: 'bob@example.com', ...texts })
  await stores.users.setActive(bob.id, false, 1)

  const app = hostApp(t)
  await app.register(fastifyJwt, { secret: SECRET })
  await app.register(userProfile, {
    stores,
    mediaRoot: `${folder}/media`,
    async authenticate(request) {
      if (!request.headers.authorization) return undefined
      const { account } = await request.jwtVerify<{ account: number | string }>()
      return account
    }
  })
  const { profile, update, upload } = clientOf(app, '/api')
  const tokenOf = (account: unknown) => app.jwt.sign({ account } as object)
  t.equal((await profile(tokenOf(ada.id))).json().username, 'ada')
  t.equal((await profile(tokenOf(String(ada.id)))).json().username, 'ada', 'an id may be a text')
  t.equal((await upload(ada.id, tokenOf(ada.id), [['first_name', 'Ada']])).json().first_name, 'Ada')
  t.equal(rowsOf(folder)[0]?.first_name, 'Ada')
  t.equal((await update(bob.id, tokenOf(ada.id), { first_name: 'x' })).statusCode, 403)

  const refusals: [unknown, object][] = [
    [99, SENTENCES.gone],
    ['not an id', SENTENCES.gone],
    [bob.id, SENTENCES.inactive]
  ]
  for (const [account, body] of refusals) {
    const refused = await profile(tokenOf(account))
    t.equal(refused.statusCode, 401)
    t.strictSame(refused.json(), body)
  }
  const nobody = await app.inject('/api/profile/')
  t.equal(nobody.statusCode, 401)
  t.strictSame(nobody.json(), SENTENCES.nobody)
  t.equal(nobody.headers['www-authenticate'], 'Bearer realm="api"')
  const forged = await profile('x.y.z')
  t.equal(forged.statusCode, 401, 'what the host’s own plugin throws')
  t.strictSame(Object.keys(forged.json()), ['detail'])

  for (const url of ['sign-up/', 'sign-in/', 'token/', 'token/refresh/', 'sign-out-everywhere/'])
    t.equal((await app.inject({ method: 'POST', url: `/api/${url}`, payload: {} })).statusCode, 404, url)
  t.equal((await app.inject({ method: 'POST', url: `/api/profile/${ada.id}/password/` })).statusCode, 404)
})

t.test(
  'a fault of a host’s authentication is a 500 that says nothing, before the body is read',
  async (t) => {
    const app = hostApp(t)
    await app.register(userProfile, {
      databasePath: ':memory:',
      mediaRoot: t.testdir(),
      authenticate: () => Promise.reject(new Error('the session store at 10.0.0.7 is away'))
    })
    const response = await app.inject({ method: 'PUT', url: '/api/profile/1/update/', payload: { a: 1 } })
    t.equal(response.statusCode, 500)
    t.notMatch(response.body, /10\.0\.0\.7/)
  }
)
