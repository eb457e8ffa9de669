import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import t from 'tap'
import { createConnections } from '../../../plugins/connections/connections.ts'
import errorAnswers from '../../../plugins/errors.ts'
import { eventually } from '../../helper.ts'
import { answerOf, head, listening, open, uploadToCut } from '../../raw-http.ts'

const SOON = { headersTimeout: 200, requestTimeout: 200, connectionsCheckingInterval: 20 }
const LATE = /\r\n\r\n\{"detail":"The request took too long to arrive\."\}$/

t.test('a body that stops arriving is refused with 408, and its connection ends', async (t) => {
  const { port, signUp, row, connections } = await listening(t, {}, SOON)
  const ada = await signUp()
  const before = row(ada.id)
  for (const type of ['application/json', 'application/x-www-form-urlencoded']) {
    const socket = await open(port)
    const answer = answerOf(socket)
    socket.write(`${head(ada, type, 1000)}{"first_name":`)
    const text = await answer
    t.match(text, /^HTTP\/1\.1 408 Request Timeout\r\n/, type)
    t.match(text, LATE)
    t.match(text, /^connection: close\r$/im)
    await eventually('the connection ended', async () => (await connections()) === 0)
    socket.destroy()
  }
  t.strictSame(row(ada.id), before)
})

t.test('a form that stops arriving is refused too, and leaves no file', async (t) => {
  const { port, signUp, row, uploads, connections } = await listening(t, {}, SOON)
  const ada = await signUp()
  const before = row(ada.id)
  const { body, type, cuts } = await uploadToCut()
  for (const [name, cut] of Object.entries(cuts)) {
    const socket = await open(port)
    const answer = answerOf(socket)
    socket.write(head(ada, type, body.length))
    socket.write(body.subarray(0, cut))
    const text = await answer
    t.match(text, /^HTTP\/1\.1 408 /, name)
    t.match(text, LATE)
    await eventually('the connection ended', async () => (await connections()) === 0)
    await eventually('no file is left', () => uploads().length === 0)
    socket.destroy()
  }
  t.strictSame(row(ada.id), before)
})

t.test('a body that drips in slowly is cut off as well', async (t) => {
  const { port, signUp, connections } = await listening(t, {}, SOON)
  const ada = await signUp()
  const socket = await open(port)
  const answer = answerOf(socket)
  socket.write(head(ada, 'application/json', 100_000))
  const drip = setInterval(() => socket.write(' '), 10)
  t.teardown(() => clearInterval(drip))
  t.match(await answer, /^HTTP\/1\.1 408 /)
  await eventually('the connection ended', async () => (await connections()) === 0)
})

t.test('a request that was invited and never comes is refused as well', async (t) => {
  const { port, signUp, connections } = await listening(t, {}, SOON)
  const ada = await signUp()
  const socket = await open(port)
  const answer = answerOf(socket)
  socket.write(head(ada, 'application/json', 1000, 'Expect: 100-continue\r\n'))
  t.match(await answer, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 408 [\s\S]*^connection: close\r$/im)
  await eventually('the connection ended', async () => (await connections()) === 0)
})

t.test('requests before it on the same connection are answered first', async (t) => {
  const { app, port, signUp, connections } = await listening(t, {}, SOON)
  const ada = await signUp()
  const findById = app.stores.users.findById.bind(app.stores.users)
  let release = () => {}
  let asked = 0
  t.intercept(app.stores.users, 'findById', {
    value: async (id: never) => {
      if (++asked === 1) {
        await new Promise<void>((resolve) => {
          release = resolve
        })
      }
      return findById(id)
    }
  })
  const socket = await open(port)
  let text = ''
  socket.setEncoding('utf8').on('data', (part) => {
    text += part
  })
  let errors = 0
  app.server.on('clientError', () => {
    errors++
  })
  socket.write(`GET /api/profile/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${ada.access}\r\n\r\n`)
  socket.write(`${head(ada, 'application/json', 1000)}{`)
  await eventually('the second one ran out of time', () => errors === 1)
  t.equal(text, '')
  release()
  await eventually('the connection ended', async () => (await connections()) === 0)
  t.match(text, /^HTTP\/1\.1 200 [\s\S]*"username"[\s\S]*\}HTTP\/1\.1 408 /)
  t.match(text, LATE)
})

t.test('a body that ends too early, or is no HTTP any more, is refused and holds nothing', async (t) => {
  const { port, signUp, row, uploads, connections } = await listening(t)
  const ada = await signUp()
  const before = row(ada.id)
  const part = '--x\r\nContent-Disposition: form-data; name="avatar"; filename="a.jpg"\r\n\r\nhalf a picture'
  const types = { 'application/json': '{"first_name":', 'multipart/form-data; boundary=x': part }
  for (const [type, start] of Object.entries(types)) {
    const ended = await open(port)
    const answer = answerOf(ended)
    ended.write(head(ada, type, 1000))
    ended.end(start)
    t.match(await answer, /^HTTP\/1\.1 400 [\s\S]*\{"detail":"The request is malformed\."\}$/, type)
    await eventually('the connection ended', async () => (await connections()) === 0)

    const broken = await open(port)
    const second = answerOf(broken)
    broken.write(head(ada, type, 'chunked'))
    broken.write(`${start.length.toString(16)}\r\n${start}\r\nno length\r\n`)
    t.match(await second, /^HTTP\/1\.1 400 [\s\S]*\{"detail":"The request is malformed\."\}$/, type)
    await eventually('the connection ended', async () => (await connections()) === 0)
    await eventually('no file is left', () => uploads().length === 0)
  }
  t.strictSame(row(ada.id), before)
})

t.test('bodies that are no uploads have less time than uploads', async (t) => {
  const { port, signUp, row, connections } = await listening(t, { BODY_TIMEOUT: '1' })
  const ada = await signUp()
  const before = row(ada.id)
  const { body, type, cuts } = await uploadToCut()
  const upload = await open(port)
  const uploaded = answerOf(upload)
  upload.write(head(ada, type, body.length))
  upload.write(body.subarray(0, cuts['in the file']))
  for (const type of ['application/json', 'application/x-www-form-urlencoded']) {
    const socket = await open(port)
    const answer = answerOf(socket)
    socket.write(head(ada, type, 100_000))
    const drip = setInterval(() => socket.write(' '), 50)
    const text = await answer
    clearInterval(drip)
    t.match(text, /^HTTP\/1\.1 408 Request Timeout\r\n/, type)
    t.match(text, LATE)
    socket.destroy()
  }
  t.strictSame(row(ada.id), before)
  upload.write(body.subarray(cuts['in the file']))
  t.match(await uploaded, /^HTTP\/1\.1 200 /, 'the upload, which began before them, went on')
  upload.destroy()
  await eventually('the connections ended', async () => (await connections()) === 0)
})

t.test('past MAX_CONNECTIONS new connections are closed, and those that are there go on', async (t) => {
  const { port, signUp } = await listening(t, { MAX_CONNECTIONS: '2' })
  const ada = await signUp()
  const [first, second] = [await open(port), await open(port)]
  const third = await open(port)
  t.equal(await answerOf(third), '', 'closed without a word')
  first.write(`${head(ada, 'application/json', 2)}{}`)
  t.match(await answerOf(first), /^HTTP\/1\.1 200 /)
  second.destroy()
  first.destroy()
  await eventually('there is room again', async () => {
    const socket = await open(port)
    socket.write(`${head(ada, 'application/json', 2)}{}`)
    const answer = await answerOf(socket)
    socket.destroy()
    return answer.startsWith('HTTP/1.1 200 ')
  })
})

t.test(
  'a handler that does not answer is answered for with 503, once, and the connection goes on',
  async (t) => {
    const app = Fastify({ logger: false })
    const connections = createConnections({ bodyTimeoutMs: 60_000, answerTimeoutMs: 100 })
    connections.watch(app)
    await app.register(errorAnswers)
    const late = Promise.withResolvers<{ late: boolean }>()
    app.get('/late', () => late.promise)
    app.get('/soon', async () => ({ late: false }))
    t.teardown(() => app.close())
    await app.listen({ port: 0, host: '127.0.0.1' })
    const socket = await open((app.server.address() as AddressInfo).port)
    socket.write('GET /late HTTP/1.1\r\nHost: localhost\r\n\r\n')
    const text = await answerOf(socket)
    t.match(text, /^HTTP\/1\.1 503 /)
    t.match(text, /^retry-after: 1\r$/im)
    t.match(text, /\r\n\r\n\{"error":"The service is temporarily unavailable\. Try again later\."\}$/)
    late.resolve({ late: true })
    socket.write('GET /soon HTTP/1.1\r\nHost: localhost\r\n\r\n')
    t.match(await answerOf(socket), /\r\n\r\n\{"late":false\}$/)
    socket.destroy()
  }
)
