import { readdirSync } from 'node:fs'
import fastifyJwt from '@fastify/jwt'
import fastifyMultipart from '@fastify/multipart'
import fastifyRateLimit from '@fastify/rate-limit'
import fastifyStatic from '@fastify/static'
import fastifySwagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import auth from '../../../plugins/auth.ts'
import userProfile from '../../../plugins/user-profile.ts'
import { openSqliteStores } from '../../../src/stores/sqlite/open-sqlite.ts'
import { encodeForm, SECRET } from '../../helper.ts'
import { clientOf, hostApp, ownFolder, picturesOf } from './host-app.ts'

/** A host that has registered all that the bundle uses too, and taken every name that one could want. */
async function crowdedHost(t: Test) {
  const files = t.testdir({ 'hello.txt': 'hello', bundle: {} })
  const app = hostApp(t)
  const seen: string[] = []
  await app.register(fastifyJwt, { secret: 'the-host’s-own-secret-0123456789-0123456789' })
  await app.register(fastifyMultipart, { attachFieldsToBody: true, limits: { fileSize: 100, files: 1 } })
  await app.register(fastifyRateLimit, { global: false, max: 1, keyGenerator: () => 'everybody' })
  await app.register(fastifyStatic, { root: files, prefix: '/files/' })
  await app.register(fastifySwagger, { openapi: { info: { title: 'the host', version: '1' } } })
  for (const name of ['authenticate', 'sessions', 'stores', 'readForm', 'limitRate', 'userProfile'])
    app.decorate(name, `the host's ${name}`)
  for (const name of ['currentUser', 'profile', 'userId']) app.decorateRequest(name, '')
  for (const $id of ['User', 'user', 'error', 'Error']) app.addSchema({ $id, type: 'object' })
  app.addHook('onRequest', async ({ url }) => void seen.push(url))
  app.setErrorHandler((error: Error, _request, reply) => reply.code(418).send({ host: error.message }))
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ host: 'nothing here' }))
  app.get('/host/fails', async () => {
    throw new Error('of the host')
  })
  app.post('/host/form', async ({ body }) => Object.keys(body as object))
  app.get('/host/me', async (request) => request.jwtVerify())
  return { app, seen, folder: `${files}/bundle` }
}

/** What can be seen of an app from inside it. */
const visibleOf = (app: FastifyInstance) =>
  Reflect.ownKeys(app).filter((key) => typeof key === 'string' || !String(key).includes('fastify'))

t.test('of the host nothing changes, whatever it has registered itself', async (t) => {
  const { app, folder } = await crowdedHost(t)
  const [before, errorHandler] = [visibleOf(app), app.errorHandler]
  const jwt = Object.keys(app.jwt)
  await app.register(userProfile, ownFolder(folder))
  t.strictSame(visibleOf(app), before)
  t.equal(app.errorHandler, errorHandler)
  t.strictSame(Object.keys(app.jwt), jwt)
  t.equal(Reflect.get(app, 'authenticate'), "the host's authenticate")

  t.strictSame((await app.inject('/host/fails')).json(), { host: 'of the host' })
  t.strictSame((await app.inject('/nothing')).json(), { host: 'nothing here' })
  t.equal((await app.inject('/files/hello.txt')).body, 'hello')
  const { body, type } = await encodeForm([['a', 'b']])
  const form = await app.inject({
    method: 'POST',
    url: '/host/form',
    headers: { 'content-type': type },
    payload: body
  })
  t.strictSame(form.json(), ['a'], 'its own forms are read as it asked')
  const token = app.jwt.sign({ sub: 'somebody of the host' })
  const headers = { authorization: `Bearer ${token}` }
  t.match((await app.inject({ url: '/host/me', headers })).json(), { sub: 'somebody of the host' })
})

t.test('and the bundle works beside it, with its own limits, secret and error shape', async (t) => {
  const { app, seen, folder } = await crowdedHost(t)
  await app.register(userProfile, ownFolder(folder))
  const { signUp, profile, update, upload, remove } = clientOf(app, '/api')
  const { id, access } = await signUp()
  t.equal((await profile(app.jwt.sign({ user_id: id }))).statusCode, 401, 'tokens of the host are not ours')
  const invalid = await update(id, access, { email: 'nobody' })
  t.equal(invalid.statusCode, 400)
  t.strictSame(invalid.json(), { email: ['This field must be a valid email address.'] })
  const uploaded = await upload(id, access, [['first_name', 'Ada']])
  t.equal(uploaded.statusCode, 200, 'a file larger than the host takes, which its hook did not read')
  t.equal(uploaded.json().first_name, 'Ada')
  t.equal((await app.inject(uploaded.json().avatar)).headers['content-type'], 'image/jpeg')
  t.equal(picturesOf(folder).length, 1)
  t.strictSame(readdirSync(`${folder}/media/.uploads`), [])
  t.ok(seen.includes(`/api/profile/${id}/update/`), 'the host’s hooks see the requests')
  t.equal((await app.inject('/api/nothing/')).json().detail, 'Not found.')
  t.equal((await remove(id, access)).statusCode, 204)
  t.strictSame(picturesOf(folder), [])
})

t.test('a host that registers @fastify/multipart later reads no body of ours either', async (t) => {
  const folder = t.testdir({})
  const app = hostApp(t)
  await app.register(userProfile, ownFolder(folder))
  await app.register(fastifyMultipart, { attachFieldsToBody: 'keyValues', limits: { fileSize: 10 } })
  app.post('/host/form', async ({ body }) => Object.keys(body as object))
  const { signUp, upload } = clientOf(app, '/api')
  const { id, access } = await signUp()
  const uploaded = await upload(id, access, [['first_name', 'Ada']])
  t.match(uploaded.json(), { first_name: 'Ada', avatar: /^\/media\/avatars\// })
  t.equal(picturesOf(folder).length, 1)
  const { body, type } = await encodeForm([['a', 'b']])
  const headers = { 'content-type': type }
  t.strictSame((await app.inject({ method: 'POST', url: '/host/form', headers, payload: body })).json(), [
    'a'
  ])
})

t.test('limits by address are the bundle’s own, beside a host that has the plugin', async (t) => {
  const { app, folder } = await crowdedHost(t)
  await app.register(userProfile, { ...ownFolder(folder), rateLimit: true })
  const refresh = () => app.inject({ method: 'POST', url: '/api/token/refresh/', payload: { refresh: 'x' } })
  for (let index = 0; index < 240; index++) t.equal((await refresh()).statusCode, 401)
  const refused = await refresh()
  t.equal(refused.statusCode, 429)
  t.match(refused.json().detail, /^Request was throttled\. Expected available in \d+ seconds?\.$/)
})

t.test('a host’s document lists our paths, each once', async (t) => {
  const { app, folder } = await crowdedHost(t)
  await app.register(userProfile, ownFolder(folder))
  await app.ready()
  const paths = Object.keys(app.swagger().paths ?? {})
  t.ok(paths.includes('/api/profile/{id}/update/'))
  t.strictSame(
    paths.filter((path) => path.startsWith('/api/') && !path.endsWith('/')),
    []
  )
})

t.test('the part for authentication beside the bundle: one account for the host’s own routes', async (t) => {
  const folder = t.testdir()
  const stores = openSqliteStores({ path: `${folder}/profile.db` })
  t.teardown(() => stores.close())
  const app = hostApp(t)
  await app.register(auth, { jwtSecret: SECRET, stores })
  app.get('/hello', { onRequest: app.authenticate }, async ({ currentUser }) => currentUser?.username)
  await app.register(userProfile, { ...ownFolder(folder), stores })
  const { access, username } = await clientOf(app, '/api').signUp()
  const hello = (token: string) =>
    app.inject({ url: '/hello', headers: { authorization: `Bearer ${token}` } })
  t.equal((await hello(access)).body, username)
  t.equal((await hello('x.y.z')).statusCode, 401)
})
