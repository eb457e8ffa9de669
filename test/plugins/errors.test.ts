import { renameSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import t, { type Test } from 'tap'
import { errors } from '../../src/errors.ts'
import type { UserStore } from '../../src/users/user-store.ts'
import { buildTestApp } from '../helper.ts'
import { jpeg } from '../pictures.ts'

/** Makes one of the user store's methods fail, as its store would. */
function failing(t: Test, users: UserStore, method: keyof UserStore, error: unknown) {
  t.intercept(users, method, { value: async () => Promise.reject(error) })
}

t.test('an unknown path is not found, in the interface’s shape', async (t) => {
  const { call } = await buildTestApp(t)
  const urls = [
    '/',
    '/api/',
    '/api/nothing-here/',
    '/favicon.ico',
    '/api/%',
    '/%ff',
    '//api//',
    '/api/profile/1/x/'
  ]
  for (const url of urls) {
    for (const method of ['GET', 'PUT'] as const) {
      const response = await call(method, url)
      t.equal(response.statusCode, 404, `${method} ${url}`)
      t.strictSame(response.json(), { detail: 'Not found.' })
    }
  }
})

t.test('of an unknown path the body is no matter', async (t) => {
  const { call } = await buildTestApp(t)
  for (const body of ['{', 'x'.repeat(2_000_000)]) {
    const response = await call('POST', '/api/nope/', {
      body,
      headers: { 'content-type': 'application/json' }
    })
    t.equal(response.statusCode, 404)
    t.strictSame(response.json(), { detail: 'Not found.' })
  }
})

t.test('what is no request at all is answered in the interface’s shape', async (t) => {
  const lines: string[] = []
  const logger = { level: 'trace', stream: { write: (line: string) => void lines.push(line) } }
  const { app } = await buildTestApp(t, { logger })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const send = (text: string) =>
    new Promise<string>((resolve) => {
      let answer = ''
      const socket = connect(port, '127.0.0.1', () => socket.write(text))
      socket.setEncoding('utf8').on('data', (part) => {
        answer += part
      })
      socket.on('error', () => {}).on('close', () => resolve(answer))
    })
  const secret = 'Authorization: Bearer hunter2'
  const malformed = await send(`GARBAGE\r\n${secret}\r\n\r\n`)
  t.match(malformed, /^HTTP\/1\.1 400 Bad Request\r\n/)
  t.match(malformed, /\{"detail":"The request is malformed\."\}$/)
  const large = await send(`GET / HTTP/1.1\r\nHost: x\r\n${secret}\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)
  t.match(large, /^HTTP\/1\.1 431 /)
  t.match(large, /\{"detail":"The request headers are too large\."\}$/)
  t.notMatch(lines.join(''), /hunter2|rawPacket/)
  const request = 'GET /api/profile/ HTTP/1.1\r\nHost: x\r\n\r\n'
  const mixed = await send(`${request}GARBAGE\r\n\r\n`)
  t.match(mixed, /^HTTP\/1\.1 401 /, 'what came before is answered, and nothing else')
  t.equal(mixed.match(/HTTP\/1\.1/g)?.length, 1)
})

t.test('a fault says nothing but its request’s id; the log has the cause', async (t) => {
  const lines: string[] = []
  const logger = { level: 'info', stream: { write: (line: string) => void lines.push(line) } }
  const { app, signUp, call } = await buildTestApp(t, { logger })
  const ada = await signUp()
  failing(t, app.stores.users, 'findById', new TypeError('the secret inner cause'))
  const response = await call('GET', '/api/profile/', { token: ada.access })
  t.equal(response.statusCode, 500)
  const { error } = response.json()
  const id = /Its id is ([0-9a-f-]{36})\.$/.exec(error)?.[1]
  t.strictSame(response.json(), { error: `The server failed to answer this request. Its id is ${id}.` })
  const logged = lines.map((line) => JSON.parse(line)).find(({ level }) => level === 50)
  t.match(logged, { reqId: id, err: { type: 'TypeError', message: 'the secret inner cause' } })
})

t.test(
  'a store that is away is 503 with Retry-After, a full one 507; the picture on its way goes',
  async (t) => {
    const { app, signUp, update, call, pictures, uploads } = await buildTestApp(t)
    const ada = await signUp()
    const form = [['avatar', { bytes: await jpeg() }]] as [string, { bytes: Buffer }][]
    failing(t, app.stores.users, 'update', errors.unavailable(new Error('database is locked')))
    for (const body of [{ json: { first_name: 'x' } }, { form }]) {
      const response = await update(ada, body)
      t.equal(response.statusCode, 503)
      t.equal(response.headers['retry-after'], '1')
      t.strictSame(response.json(), { error: 'The service is temporarily unavailable. Try again later.' })
    }
    failing(t, app.stores.users, 'update', errors.storageFull(new Error('disk is full')))
    const full = await update(ada, { form })
    t.equal(full.statusCode, 507)
    t.strictSame(full.json(), { error: 'The service has no storage left.' })
    t.strictSame(pictures(), [])
    t.strictSame(uploads(), [])
    failing(t, app.stores.users, 'findById', errors.unavailable())
    t.equal((await call('GET', '/api/profile/', { token: ada.access })).statusCode, 503)
  }
)

t.test('where the store can’t say whether a picture is used, the picture stays for the sweep', async (t) => {
  const { app, signUp, update, pictures } = await buildTestApp(t)
  const ada = await signUp()
  failing(t, app.stores.users, 'update', errors.unavailable())
  const findById = app.stores.users.findById.bind(app.stores.users)
  let reads = 0
  t.intercept(app.stores.users, 'findById', {
    // The first read authenticates, the second looks again after the upload; the third asks after the failure.
    value: async (id: never) => (++reads < 3 ? findById(id) : Promise.reject(errors.unavailable()))
  })
  const response = await update(ada, { form: [['avatar', { bytes: await jpeg() }]] })
  t.equal(response.statusCode, 503)
  t.equal(reads, 3)
  t.equal(pictures().length, 1)
})

t.test(
  'with the folder of pictures away uploads get 503, texts go on, and it recovers by itself',
  async (t) => {
    const { folder, signUp, update, row, pictures } = await buildTestApp(t)
    const ada = await signUp()
    const form = [['avatar', { bytes: await jpeg() }]] as [string, { bytes: Buffer }][]
    renameSync(`${folder}/media`, `${folder}/away`)
    const before = row(ada.id)
    const response = await update(ada, { form })
    t.equal(response.statusCode, 503)
    t.strictSame(row(ada.id), before)
    t.equal((await update(ada, { json: { first_name: 'Ada' } })).statusCode, 200)
    renameSync(`${folder}/away`, `${folder}/media`)
    t.equal((await update(ada, { form })).statusCode, 200)
    t.equal(pictures().length, 1)
  }
)

t.test('an avatar that can’t be deleted is no error of the update that replaced it', async (t) => {
  const { app, signUp, update } = await buildTestApp(t)
  const ada = await signUp()
  const form = [['avatar', { bytes: await jpeg() }]] as [string, { bytes: Buffer }][]
  await update(ada, { form })
  t.intercept(app.stores.media, 'delete', { value: async () => Promise.reject(errors.unavailable()) })
  t.equal((await update(ada, { form })).statusCode, 200)
  t.equal((await update(ada, { json: { avatar: null } })).statusCode, 200)
})
