import t from 'tap'
import { encodeForm, eventually } from '../../helper.ts'
import { answerOf, chunk, flood, head, listening, open } from '../../raw-http.ts'

t.test('an upload that says it is far too large is refused before its body is read', async (t) => {
  const { port, signUp, row, uploads } = await listening(t)
  const ada = await signUp()
  const before = row(ada.id)
  const socket = await open(port)
  const answer = answerOf(socket)
  socket.write(head(ada, 'multipart/form-data; boundary=x', 5_000_000_000))
  const text = await answer
  t.match(text, /^HTTP\/1\.1 413 /)
  t.match(text, /\{"avatar":\["Ensure the file is no larger than 10 MB\."\]\}/)
  socket.destroy()
  t.strictSame(row(ada.id), before)
  t.strictSame(uploads(), [])
})

t.test('a body that never ends gets its answer, is read past for a while, and cut off', async (t) => {
  const { port, connections, signUp, row, uploads } = await listening(t, { AVATAR_MAX_BYTES: '100000' })
  const ada = await signUp()
  const before = row(ada.id)
  const starts = {
    file: '--x\r\nContent-Disposition: form-data; name="avatar"; filename="a.jpg"\r\n\r\n',
    'another file': '--x\r\nContent-Disposition: form-data; name="other"; filename="a.jpg"\r\n\r\n',
    text: '--x\r\nContent-Disposition: form-data; name="first_name"\r\n\r\n',
    'part header': '--x\r\nX-Header: ',
    preamble: 'x',
    epilogue: '--x--\r\n'
  }
  for (const [name, start] of Object.entries(starts)) {
    const socket = await open(port)
    const answer = answerOf(socket)
    const ended = new Promise((resolve) => socket.once('close', resolve))
    socket.write(head(ada, 'multipart/form-data; boundary=x', 'chunked'))
    socket.write(chunk(start))
    const sent = await flood(socket, ended)
    t.match(await answer, /^HTTP\/1\.1 413 /, name)
    t.ok(sent < 200_000_000, `${name}: the sender was stopped after ${sent} bytes`)
    await eventually('the connection ended', async () => (await connections()) === 0)
    t.strictSame(row(ada.id), before)
    t.strictSame(uploads(), [])
  }
})

t.test(
  'a body that is too large gets its answer before the connection ends, also if that was asked for',
  async (t) => {
    const { port, signUp, connections } = await listening(t)
    const ada = await signUp()
    const large = Buffer.alloc(20_000_000, 'x')
    const types = ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']
    for (const type of types) {
      for (const extra of ['', 'Connection: close\r\n']) {
        const socket = await open(port)
        const answer = answerOf(socket)
        socket.write(head(ada, type, large.length, extra))
        socket.write(large)
        t.match(await answer, /^HTTP\/1\.1 4(13|00) /, `${type} ${extra}`)
        socket.destroy()
      }
    }
    await eventually('all connections ended', async () => (await connections()) === 0)
  }
)

t.test('a body that nobody reads is bounded too', async (t) => {
  const { port, connections } = await listening(t)
  const socket = await open(port)
  const answer = answerOf(socket)
  const ended = new Promise((resolve) => socket.once('close', resolve))
  socket.write('PUT /api/profile/1/update/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n')
  const sent = await flood(socket, ended)
  t.match(await answer, /^HTTP\/1\.1 401 /)
  t.ok(sent < 200_000_000, `stopped after ${sent} bytes`)
  await eventually('the connection ended', async () => (await connections()) === 0)
})

t.test('a sender who wants the connection closed gets the answer when enough was read past', async (t) => {
  const { port, connections } = await listening(t)
  for (const version of ['1.1', '1.0']) {
    const socket = await open(port)
    const answer = answerOf(socket)
    const close = 'Connection: close\r\nContent-Length: 100000000\r\n'
    socket.write(`PUT /api/profile/1/update/ HTTP/${version}\r\nHost: localhost\r\n${close}\r\n`)
    // More than is read past, and then nothing more for as long as it takes.
    socket.write(Buffer.alloc(34_000_000, 'x'))
    t.match(await answer, /^HTTP\/1\.1 401 [\s\S]*credentials were not provided/, version)
    await eventually('the connection ended', async () => (await connections()) === 0)
  }
})

t.test('a connection whose upload was refused serves the next request', async (t) => {
  const { port, signUp } = await listening(t)
  const ada = await signUp()
  const rest = 'x'.repeat(3_000_000)
  const part = (header: string, value: string) =>
    `--x\r\nContent-Disposition: form-data; ${header}\r\n\r\n${value}\r\n`
  const refused: [type: string, body: string][] = [
    ['multipart/form-data', rest],
    [
      'multipart/form-data; boundary=x',
      part('name="first_name"', rest) + part('name="avatar"; filename="a"', rest)
    ],
    [
      'multipart/form-data; boundary=x',
      part('name="__proto__"', 'x') + part('name="avatar"; filename="a"', rest)
    ],
    [
      'multipart/form-data; boundary=x',
      part('name="first_name"\r\nContent-Type: application/json', '{"toString":1}') +
        part('name="avatar"; filename="a"', 'no picture')
    ]
  ]
  for (const [type, body] of refused) {
    const socket = await open(port)
    const first = answerOf(socket)
    const whole = `${body}--x--\r\n`
    socket.write(head(ada, type, whole.length))
    socket.write(whole)
    t.match(await first, /^HTTP\/1\.1 4\d\d /)
    const second = answerOf(socket)
    socket.write(
      `GET /api/profile/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${ada.access}\r\n\r\n`
    )
    t.match(await second, /^HTTP\/1\.1 200 /)
    socket.destroy()
  }
})

t.test('a sender somewhat over the limit gets to read why', async (t) => {
  const { port, signUp } = await listening(t, { AVATAR_MAX_BYTES: '100000' })
  const ada = await signUp()
  const { body, type } = await encodeForm([['avatar', { bytes: Buffer.alloc(900_000) }]])
  const response = await fetch(`http://127.0.0.1:${port}/api/profile/${ada.id}/update/`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${ada.access}`, 'content-type': type },
    body: new Uint8Array(body)
  })
  t.equal(response.status, 413)
  t.strictSame(await response.json(), { avatar: ['Ensure the file is no larger than 97.7 KB.'] })
})
