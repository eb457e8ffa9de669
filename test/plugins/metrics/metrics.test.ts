import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { nameSetting } from '../../../src/cli/name-setting.ts'
import type { NewUser } from '../../../src/users/user-store.ts'
import { buildTestApp, eventually, PASSWORD } from '../../helper.ts'
import { jpeg } from '../../pictures.ts'
import { sampleOf, scrape } from '../../prometheus.ts'
import { answerOf, head, open } from '../../raw-http.ts'

const ON = { METRICS_PORT: '0' }

t.test('answers are counted by method, route and status', async (t) => {
  const { app, call, signUp, update } = await buildTestApp(t, { env: ON })
  await app.ready()
  const ada = await signUp()
  for (let count = 0; count < 3; count++) await update(ada, { json: { first_name: `Ada ${count}` } })
  await update(ada, { json: { username: '' } })
  await call('GET', '/api/profile/', { token: ada.access })
  await call('GET', '/api/profile/')
  const samples = await scrape(String(app.metricsOrigin))
  const counts = samples
    .filter(({ name }) => name === 'http_request_duration_seconds_count')
    .map(({ labels, value }) => [labels.method, labels.route, labels.status_code, value].join(' '))
  t.strictSame(counts.sort(), [
    'GET /api/profile/ 200 1',
    'GET /api/profile/ 401 1',
    'POST /api/sign-up/ 201 1',
    'PUT /api/profile/:id/update/ 200 3',
    'PUT /api/profile/:id/update/ 400 1'
  ])
  const updated = { method: 'PUT', status_code: '200', le: '+Inf' }
  t.equal(sampleOf(samples, 'http_request_duration_seconds_bucket', updated), 3)
  t.equal(sampleOf(samples, 'http_requests_in_flight'), 0)
  t.match(
    samples.find(({ name }) => name === 'user_profile_build_info'),
    { labels: { version: /^\d+\.\d+\.\d+/, node: process.version }, value: 1 }
  )
  t.ok(samples.some(({ name }) => name === 'nodejs_eventloop_lag_p99_seconds'))
})

t.test('whatever is asked for makes no name of its own', async (t) => {
  const { app, call, signUp } = await buildTestApp(t, { env: ON })
  await app.ready()
  const { access } = await signUp()
  for (let count = 0; count < 1000; count++) {
    const name = randomBytes(6).toString('hex')
    const path = [
      `/${name}`,
      `/api/${name}/`,
      `/media/avatars/${name}.jpg`,
      `/api/profile/${count}/?x=${name}`
    ]
    await call('GET', path[count % 4] ?? '', { token: access })
  }
  const routes = (await scrape(String(app.metricsOrigin))).flatMap(({ name, labels }) =>
    name === 'http_request_duration_seconds_count' ? `${labels.route} ${labels.status_code}` : []
  )
  t.strictSame(routes.sort(), ['/api/profile/:id/ 404', '/api/sign-up/ 201', '/media/* 404', 'none 404'])
})

t.test('commits, decodes, refused sign-ins and queues are counted', async (t) => {
  const { app, call, signUp, update } = await buildTestApp(t, {
    env: { ...ON, RATE_LIMIT: 'on', RATE_LIMITS: 'signIn=1000' }
  })
  await app.ready()
  const ada = await signUp()
  const before = await scrape(String(app.metricsOrigin))
  t.equal((await update(ada, { form: [['avatar', { bytes: await jpeg() }]] })).statusCode, 200)
  t.equal(
    (await update(ada, { form: [['avatar', { bytes: Buffer.from('GIF89a, or so') }]] })).statusCode,
    400
  )
  const signIn = (password: string) => call('POST', '/api/sign-in/', { json: { email: ada.email, password } })
  t.equal((await signIn(PASSWORD)).statusCode, 200)
  for (let count = 0; count < 10; count++) t.equal((await signIn('wrong')).statusCode, 400)
  for (let count = 0; count < 2; count++) t.equal((await signIn(PASSWORD)).statusCode, 429)
  const after = await scrape(String(app.metricsOrigin))
  const added = (name: string, labels = {}) =>
    (sampleOf(after, name, labels) ?? 0) - (sampleOf(before, name, labels) ?? 0)
  t.equal(added('user_profile_decode_duration_seconds_count', { outcome: 'ok' }), 1)
  t.equal(added('user_profile_decode_duration_seconds_count', { outcome: 'refused' }), 1)
  t.equal(added('user_profile_sign_ins_refused_total', { reason: 'wrong' }), 10)
  t.equal(added('user_profile_sign_ins_refused_total', { reason: 'throttled' }), 2)
  // The picture's row, and the sign-in's row with its session.
  t.equal(added('user_profile_commit_writes_sum'), 3)
  t.equal(added('user_profile_commit_writes_count'), added('user_profile_commit_duration_seconds_count'))
  t.equal(added('user_profile_store_duration_seconds_count', { store: 'users', operation: 'update' }), 1)
  t.equal(added('user_profile_store_duration_seconds_count', { store: 'media', operation: 'put' }), 1)
  for (const queue of ['decoding', 'hashing'])
    for (const state of ['running', 'waiting'])
      t.equal(sampleOf(after, 'user_profile_queue_tasks', { queue, state }), 0, `${queue} ${state}`)
  t.notOk(
    after.some(({ name }) => name === 'user_profile_pool_connections'),
    'SQLite has no pool'
  )
})

t.test('operations that fail are counted as such', async (t) => {
  const { app, signUp } = await buildTestApp(t, { env: ON })
  await app.ready()
  await signUp()
  await t.rejects(app.stores.users.create({} as NewUser))
  const samples = await scrape(String(app.metricsOrigin))
  for (const outcome of ['ok', 'error']) {
    const created = { store: 'users', operation: 'create', outcome }
    t.equal(sampleOf(samples, 'user_profile_store_duration_seconds_count', created), 1, outcome)
  }
})

t.test('a request that waits for its body is in flight', async (t) => {
  const { app, signUp } = await buildTestApp(t, { env: ON })
  const ada = await signUp()
  await app.listen({ port: 0, host: '127.0.0.1' })
  const socket = await open((app.server.address() as AddressInfo).port)
  const answer = answerOf(socket)
  socket.write(`${head(ada, 'application/json', 2)}{`)
  const inFlight = async () => sampleOf(await scrape(String(app.metricsOrigin)), 'http_requests_in_flight')
  await eventually('it came in', async () => (await inFlight()) === 1)
  socket.write('}')
  t.match(await answer, /^HTTP\/1\.1 200 /)
  await eventually('it is answered', async () => (await inFlight()) === 0)
  socket.destroy()
})

t.test('metrics are on their own port alone, and it ends with the app', async (t) => {
  const { app, call } = await buildTestApp(t, { env: ON })
  await app.ready()
  const origin = String(app.metricsOrigin)
  t.match(origin, /^http:\/\/127\.0\.0\.1:\d+$/)
  t.equal((await call('GET', '/metrics')).statusCode, 404)
  const answer = await fetch(`${origin}/metrics`)
  t.equal(answer.status, 200)
  t.match(answer.headers.get('content-type'), /^text\/plain; version=0\.0\.4/)
  t.equal((await fetch(`${origin}/metrics`, { method: 'HEAD' })).status, 200)
  for (const path of ['/', '/metrics/', '/api/profile/', '/health/live'])
    t.equal((await fetch(origin + path)).status, 404, path)
  const posted = await fetch(`${origin}/metrics`, { method: 'POST', body: 'x' })
  t.equal(posted.status, 405)
  t.equal(posted.headers.get('allow'), 'GET, HEAD')
  await app.close()
  await t.rejects(fetch(`${origin}/metrics`))
})

t.test('without the setting there are none', async (t) => {
  const { app, call } = await buildTestApp(t)
  await app.ready()
  t.equal(app.metricsOrigin, undefined)
  t.equal((await call('GET', '/metrics')).statusCode, 404)
})

t.test('a port that is taken ends the start with its settings’ names', async (t) => {
  const other = createServer().listen(0, '127.0.0.1')
  t.teardown(() => other.close())
  await eventually('the port was taken', () => other.listening)
  const { port } = other.address() as AddressInfo
  const { app } = await buildTestApp(t, { env: { METRICS_PORT: String(port) } })
  const error = await app.ready().then(
    () => undefined,
    (error: unknown) => error
  )
  const database = { kind: 'sqlite', path: '/nowhere/profile.db' } as const
  t.match(nameSetting(error, { database, mediaRoot: '/nowhere' }), {
    message: /^METRICS_HOST, METRICS_PORT: listen EADDRINUSE/
  })
})
