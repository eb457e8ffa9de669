import type { Socket } from 'node:net'
import t from 'tap'
import { encodeForm, eventually } from '../../helper.ts'
import { jpeg } from '../../pictures.ts'
import { answerOf, head, listening, open } from '../../raw-http.ts'

const EXPECT = 'Expect: 100-continue\r\n'
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n'
const FORM = 'multipart/form-data; boundary=x'

/** Everything that has come back, from the first byte on. */
function received(socket: Socket): () => string {
  let text = ''
  socket.setEncoding('utf8').on('data', (part) => {
    text += part
  })
  socket.on('error', () => {})
  return () => text
}

t.test('a body is invited when it is about to be read, and only once', async (t) => {
  const { app, port, signUp, row, pictures, uploads } = await listening(t)
  const ada = await signUp()
  let requests = 0
  app.server.on('request', () => {
    requests++
  })
  const bodies = {
    avatar: await encodeForm([['avatar', { bytes: await jpeg() }]]),
    'a JSON text': { type: 'application/json', body: Buffer.from('{"first_name": "Ada"}') },
    'an urlencoded text': { type: 'application/x-www-form-urlencoded', body: Buffer.from('last_name=L') }
  }
  const socket = await open(port)
  const text = received(socket)
  let before = 0
  for (const [name, { type, body }] of Object.entries(bodies)) {
    socket.write(head(ada, type, body.length, EXPECT))
    await eventually(`${name} was invited`, () => text().length >= before + CONTINUE.length)
    t.equal(text().slice(before), CONTINUE, `${name}: nothing but the invitation comes before the body`)
    socket.write(body)
    await eventually(`${name} was answered`, () => /\r\n\r\n\{.*\}$/s.test(text().slice(before)))
    const answer = text().slice(before + CONTINUE.length)
    t.match(answer, /^HTTP\/1\.1 200 OK\r\n/, name)
    t.equal(answer.match(/HTTP\/1\.1/g)?.length, 1)
    before = text().length
  }
  socket.destroy()
  t.equal(requests, 3, 'each request came in once')
  t.strictSame(pictures(), [row(ada.id)?.avatar])
  t.match(row(ada.id), { first_name: 'Ada', last_name: 'L' })
  t.strictSame(uploads(), [])
})

t.test('who is refused is told so at once, and not invited', async (t) => {
  const { port, signUp, row, pictures, uploads, connections } = await listening(t)
  const [ada, eve] = [await signUp(), await signUp()]
  const before = row(ada.id)
  const stranger = { ...ada, access: 'no-token' }
  const nobody = { ...ada, id: 999 }
  const over = (request: string, method: string, path: string) =>
    request.replace(/^PUT \S+/, `${method} ${path}`)
  const refused: [status: number, request: string][] = [
    [401, head(stranger, FORM, 10_000_000, EXPECT)],
    [401, head(stranger, 'application/json', 1000, EXPECT)],
    [401, head(stranger, FORM, 'chunked', EXPECT)],
    [403, head({ ...ada, access: eve.access }, FORM, 1000, EXPECT)],
    [404, head(nobody, FORM, 1000, EXPECT)],
    [404, over(head(ada, FORM, 1000, EXPECT), 'PUT', '/api/nothing-here/')],
    [404, over(head(ada, FORM, 1000, EXPECT), 'PUT', '/api/%')],
    [405, over(head(ada, FORM, 1000, EXPECT), 'PUT', '/api/profile/')],
    [413, head(ada, FORM, 5_000_000_000, EXPECT)],
    [413, head(ada, 'application/json', 5_000_000, EXPECT)],
    [415, head(ada, 'text/plain', 1000, EXPECT)]
  ]
  for (const [status, request] of refused) {
    for (const connection of ['', 'Connection: close\r\n']) {
      const socket = await open(port)
      socket.write(request.replace(/\r\n$/, `${connection}\r\n`))
      const answer = await answerOf(socket)
      t.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), connection)
      t.equal(answer.match(/HTTP\/1\.1/g)?.length, 1)
      t.match(answer, connection ? /^connection: close\r$/im : /^connection: keep-alive\r$/im)
      socket.destroy()
    }
  }
  await eventually('who went away left no connection', async () => (await connections()) === 0)
  t.strictSame(row(ada.id), before)
  t.strictSame([...pictures(), ...uploads()], [])
})

t.test('too many requests are refused without inviting their bodies', async (t) => {
  const { port, signUp } = await listening(t, { RATE_LIMIT: 'on' })
  const ada = { ...(await signUp()), access: 'no-token' }
  let answer = ''
  for (let count = 0; count <= 600; count++) {
    const socket = await open(port)
    socket.write(head(ada, FORM, 1000, EXPECT))
    answer = await answerOf(socket)
    socket.destroy()
  }
  t.match(answer, /^HTTP\/1\.1 429 /)
})

t.test('a refused client that sends its body all the same gets its next request answered', async (t) => {
  const { port, signUp } = await listening(t)
  const ada = await signUp()
  const body = Buffer.alloc(3_000_000, 'x')
  const refused = [
    head({ ...ada, access: 'no-token' }, FORM, body.length, EXPECT),
    head(ada, 'text/plain', body.length, EXPECT),
    head(ada, 'application/json', body.length, EXPECT)
  ]
  for (const request of refused) {
    const socket = await open(port)
    socket.write(request)
    t.match(await answerOf(socket), /^HTTP\/1\.1 4\d\d /)
    socket.write(body)
    socket.write(
      `GET /api/profile/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${ada.access}\r\n\r\n`
    )
    t.match(await answerOf(socket), /^HTTP\/1\.1 200 /)
    socket.destroy()
  }
})

t.test('a body that nobody reads is not invited, and may come', async (t) => {
  const { port, signUp } = await listening(t)
  const ada = await signUp()
  const socket = await open(port)
  const request = head(ada, 'application/json', 2, EXPECT).replace(/^PUT \S+/, 'POST /api/profile/')
  for (const body of ['{}', '[]']) {
    socket.write(request)
    t.match(await answerOf(socket), /^HTTP\/1\.1 200 /)
    socket.write(body)
  }
  socket.destroy()
})

t.test('a body that is refused on its way was invited, and is read past', async (t) => {
  const { port, signUp, row, uploads } = await listening(t, { AVATAR_MAX_BYTES: '100000' })
  const ada = await signUp()
  const before = row(ada.id)
  const { body, type } = await encodeForm([['avatar', { bytes: Buffer.alloc(900_000) }]])
  for (const connection of ['', 'Connection: close\r\n']) {
    const socket = await open(port)
    const text = received(socket)
    socket.write(head(ada, type, body.length, EXPECT + connection))
    await eventually('it was invited', () => text() === CONTINUE)
    socket.write(body)
    await eventually('it was answered', () => /\r\n\r\n\{.*\}$/s.test(text().slice(CONTINUE.length)))
    t.match(text().slice(CONTINUE.length), /^HTTP\/1\.1 413 /)
    socket.destroy()
    t.strictSame(row(ada.id), before)
    t.strictSame(uploads(), [])
  }
})

t.test('other expectations are refused in the interface’s shape', async (t) => {
  const { port, signUp, connections } = await listening(t)
  const socket = await open(port)
  socket.write(head(await signUp(), 'application/json', 1000, 'Expect: a-miracle\r\n'))
  const answer = await answerOf(socket)
  t.match(answer, /^HTTP\/1\.1 417 Expectation Failed\r\n/)
  t.match(answer, /\{"detail":"The request expects what is not supported\."\}/)
  await eventually('the connection ended', async () => (await connections()) === 0)
})

t.test('HTTP/1.0 knows no such expectation', async (t) => {
  const { port, signUp } = await listening(t)
  const ada = await signUp()
  const body = '{"first_name": "Ada"}'
  const socket = await open(port)
  const request = head(ada, 'application/json', body.length, EXPECT).replace('HTTP/1.1', 'HTTP/1.0')
  socket.write(request + body)
  t.match(await answerOf(socket), /^HTTP\/1\.1 200 OK\r\n[\s\S]*"first_name":"Ada"/)
})
