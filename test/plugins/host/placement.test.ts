import { existsSync } from 'node:fs'
import t from 'tap'
import userProfile from '../../../plugins/user-profile.ts'
import { createDiskMediaStore } from '../../../src/stores/disk/disk-media-store.ts'
import { openSqliteStores } from '../../../src/stores/sqlite/open-sqlite.ts'
import { SECRET } from '../../helper.ts'
import { clientOf, hostApp, ownFolder, picturesOf, rowsOf } from './host-app.ts'

t.test('under a prefix everything is below it, pictures and what their URLs say too', async (t) => {
  const folder = t.testdir()
  const app = hostApp(t)
  await app.register(userProfile, { prefix: '/accounts', ...ownFolder(folder) })
  const { signUp, upload } = clientOf(app, '/accounts')
  const { id, access } = await signUp()
  const updated = await upload(id, access, [['first_name', 'Ada']])
  t.equal(updated.statusCode, 200, updated.body)
  const { avatar, first_name } = updated.json()
  t.equal(first_name, 'Ada')
  t.match(avatar, /^\/accounts\/media\/avatars\/[0-9a-f]{32}\.jpg$/)
  t.equal((await app.inject(avatar)).headers['content-type'], 'image/jpeg')
  const shown = await app.inject(`/accounts/avatars/${id}/?size=64`)
  t.equal(shown.headers.location, avatar.replace('.jpg', '@64.webp'))
  t.equal((await app.inject(String(shown.headers.location))).headers['content-type'], 'image/webp')
  const lost = await app.inject('/accounts/nothing/')
  t.equal(lost.statusCode, 404)
  t.strictSame(lost.json(), { detail: 'Not found.' })
  t.match((await app.inject('/api/profile/')).json(), { error: 'Not Found' }, 'the host answers its own 404')
})

t.test('a prefix inside a prefix, and paths of one’s own choice', async (t) => {
  const folder = t.testdir()
  const app = hostApp(t)
  await app.register(
    async (scope) => {
      const paths = { apiPrefix: '/users', mediaUrl: '/pictures/' }
      await scope.register(userProfile, { prefix: '/v2', ...paths, ...ownFolder(folder) })
    },
    { prefix: '/app' }
  )
  const { signUp, upload } = clientOf(app, '/app/v2/users')
  const { id, access } = await signUp()
  const { avatar } = (await upload(id, access)).json()
  t.match(avatar, /^\/app\/v2\/pictures\/avatars\//)
  t.equal((await app.inject(avatar)).statusCode, 200)
})

t.test('a slash at a prefix’s end is one slash', async (t) => {
  const app = hostApp(t)
  await app.register(userProfile, { prefix: '/accounts/', ...ownFolder(t.testdir()) })
  const { signUp, upload } = clientOf(app, '/accounts')
  const { id, access } = await signUp()
  const { avatar } = (await upload(id, access)).json()
  t.match(avatar, /^\/accounts\/media\/avatars\//)
  t.equal((await app.inject(avatar)).statusCode, 200)
})

t.test('below a prefix of the host’s the host goes on to say what is not found', async (t) => {
  const app = hostApp(t)
  await app.register(
    async (scope) => {
      scope.setNotFoundHandler((_request, reply) => reply.code(404).send({ host: 'nothing here' }))
      await scope.register(userProfile, ownFolder(t.testdir()))
    },
    { prefix: '/app' }
  )
  t.ok((await clientOf(app, '/app').signUp()).id)
  t.strictSame((await app.inject('/app/nothing')).json(), { host: 'nothing here' })
})

t.test('twice, over stores that know nothing of each other', async (t) => {
  const [staff, customers] = [t.testdir({ staff: {}, customers: {} })].flatMap((folder) => [
    `${folder}/staff`,
    `${folder}/customers`
  ]) as [string, string]
  const app = hostApp(t)
  await app.register(userProfile, { prefix: '/staff', ...ownFolder(staff) })
  await app.register(userProfile, {
    prefix: '/customers',
    ...ownFolder(customers),
    jwtSecret: SECRET.toUpperCase()
  })
  const first = clientOf(app, '/staff')
  const second = clientOf(app, '/customers')
  const ada = await first.signUp('ada')
  const other = await second.signUp('ada')
  t.equal((await first.update(ada.id, ada.access, { first_name: 'Staff' })).statusCode, 200)
  t.equal((await second.update(other.id, other.access, { first_name: 'Customer' })).statusCode, 200)
  t.equal((await second.profile(ada.access)).statusCode, 401, 'a token of one is nothing to the other')
  t.strictSame(
    [staff, customers].map((folder) => rowsOf(folder).map(({ first_name }) => first_name)),
    [['Staff'], ['Customer']]
  )
  await first.upload(ada.id, ada.access)
  t.strictSame([picturesOf(staff).length, picturesOf(customers).length], [1, 0])
})

t.test('paths answer with the slash at their end and without, whatever the host’s router does', async (t) => {
  for (const ignoreTrailingSlash of [false, true]) {
    const app = hostApp(t, { routerOptions: { ignoreTrailingSlash } })
    await app.register(userProfile, { prefix: '/v1', ...ownFolder(t.testdir()) })
    const { signUp } = clientOf(app, '/v1')
    const { id, access } = await signUp()
    const headers = { authorization: `Bearer ${access}` }
    for (const url of ['/v1/profile', '/v1/profile/', `/v1/profile/${id}`, `/v1/profile/${id}/`]) {
      t.equal((await app.inject({ url, headers })).statusCode, 200, url)
      t.equal((await app.inject({ method: 'HEAD', url, headers })).statusCode, 200, `HEAD ${url}`)
    }
    const refused = await app.inject({ method: 'PATCH', url: '/v1/sign-in', headers })
    t.equal(refused.statusCode, 405)
    t.equal(refused.headers.allow, 'POST')
  }
})

t.test('what the bundle opened closes with the app; what it was handed stays open', async (t) => {
  const folder = t.testdir()
  const stores = openSqliteStores({ path: `${folder}/own.db` })
  t.teardown(() => stores.close())
  const media = await createDiskMediaStore({ folder: `${folder}/pictures` })
  const app = hostApp(t)
  await app.register(userProfile, { jwtSecret: SECRET, stores, media, rateLimit: false })
  const { signUp, upload } = clientOf(app, '/api')
  const { id, access } = await signUp()
  const { avatar } = (await upload(id, access)).json()
  t.equal((await app.inject(avatar)).statusCode, 200)
  await app.close()
  t.equal((await stores.users.list(undefined, 10)).length, 1, 'it answers still')

  const other = hostApp(t)
  await other.register(userProfile, ownFolder(folder))
  await clientOf(other, '/api').signUp()
  await other.close()
  t.strictSame(rowsOf(folder).length, 1)
  t.notOk(existsSync(`${folder}/profile.db-wal`), 'the last connection took the log along')
})
