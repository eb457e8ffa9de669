import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { type Account, buildTestApp, encodeForm, eventually } from '../helper.ts'
import { jpeg, noise } from '../pictures.ts'

const openFiles = () => readdirSync('/dev/fd').length

async function listening(t: Test, env: Record<string, string> = {}) {
  const service = await buildTestApp(t, { env })
  await service.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = service.app.server.address() as AddressInfo
  const connections = () =>
    new Promise<number>((resolve) => service.app.server.getConnections((_, count) => resolve(count ?? 0)))
  return { ...service, port, connections }
}

function head(account: Account, type: string, length: number | 'chunked', extra = ''): string {
  const size = length === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`
  return (
    `PUT /api/profile/${account.id}/update/ HTTP/1.1\r\nHost: localhost\r\n` +
    `Authorization: Bearer ${account.access}\r\nContent-Type: ${type}\r\n${size}\r\n${extra}\r\n`
  )
}

const open = (port: number) =>
  new Promise<Socket>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket))
    socket.once('error', reject)
  })

/** What came back, once it holds a whole JSON answer or the connection ended. */
function answerOf(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
      if (/\r\n\r\n\{.*\}$/s.test(text)) resolve(text)
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(text))
  })
}

t.test('a client that goes away mid-upload leaves no file, no change and no open handle', async (t) => {
  const { port, connections, signUp, update, row, pictures, uploads } = await listening(t)
  const ada = await signUp()
  await update(ada, { form: [['avatar', { bytes: await jpeg() }]] })
  const [before, files] = [row(ada.id), pictures()]
  const photo = await (await noise(700, 700)).jpeg().toBuffer()
  const { body, type } = await encodeForm([
    ['first_name', 'written?'],
    ['avatar', { bytes: photo }]
  ])
  const fileStart = body.indexOf('\r\n\r\n', body.indexOf('filename=')) + 4
  const handles = openFiles()
  const cuts = Array.from({ length: 25 }, (_, index) => Math.floor((body.length * index) / 25))
  for (const cut of cuts) {
    const socket = await open(port)
    socket.on('error', () => {})
    socket.write(head(ada, type, body.length))
    socket.write(body.subarray(0, cut))
    if (cut > fileStart + 65_536) await eventually('the upload reached the disk', () => uploads().length > 0)
    socket.resetAndDestroy()
    await eventually('the connection ended', async () => (await connections()) === 0)
    await eventually('the file on its way was removed', () => uploads().length === 0)
  }
  await eventually('every handle was closed', () => openFiles() <= handles)
  t.strictSame(row(ada.id), before)
  t.strictSame(pictures(), files)
})

t.test('a client that goes away when all is sent gets its update, or none of it', async (t) => {
  const { app, port, connections, signUp, row, pictures, uploads } = await listening(t)
  const ada = await signUp()
  const { body, type } = await encodeForm([['avatar', { bytes: await jpeg() }]])
  let requests = 0
  app.server.on('request', () => {
    requests++
  })
  for (let attempt = 1; attempt <= 10; attempt++) {
    const socket = await open(port)
    socket.on('error', () => {})
    socket.write(Buffer.concat([Buffer.from(head(ada, type, body.length)), body]))
    await eventually('the request came in', () => requests === attempt)
    socket.destroy()
  }
  await eventually('all connections ended', async () => (await connections()) === 0)
  await eventually('nothing is on its way', () => uploads().length === 0)
  await eventually('the row and the files agree', () => {
    const avatar = row(ada.id)?.avatar
    return JSON.stringify(pictures()) === JSON.stringify(avatar ? [avatar] : [])
  })
})

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

const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`

/** Sends for as long as it may, up to a bound, and answers how much that was. */
async function flood(socket: Socket, ended: Promise<unknown>): Promise<number> {
  const part = chunk('x'.repeat(65_536))
  let sent = 0
  while (!socket.destroyed && sent < 200_000_000) {
    sent += part.length
    if (!socket.write(part))
      await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), ended])
  }
  return sent
}

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

t.test('of a file and a text in one field the last counts, and no file is left', async (t) => {
  const { signUp, update, uploads, pictures } = await buildTestApp(t)
  const ada = await signUp()
  const file = { bytes: await jpeg() }
  const forms: [Parameters<typeof encodeForm>[0], number][] = [
    [
      [
        ['avatar', file],
        ['avatar', '']
      ],
      200
    ],
    [
      [
        ['avatar', file],
        ['avatar', 'x']
      ],
      400
    ],
    [
      [
        ['avatar', 'x'],
        ['avatar', file]
      ],
      200
    ]
  ]
  for (const [form, status] of forms) {
    t.equal((await update(ada, { form })).statusCode, status)
    t.strictSame(uploads(), [])
  }
  t.equal(pictures().length, 1)
})

t.test('no handle on an upload stays open', async (t) => {
  const { signUp, update } = await buildTestApp(t)
  const ada = await signUp()
  const image = await noise(40, 40)
  const formats = [
    image.clone().gif(),
    image.clone().webp(),
    image.clone().png(),
    image.clone().jpeg(),
    image.clone().avif()
  ]
  const upload = async () => {
    for (const format of formats)
      await update(ada, { form: [['avatar', { bytes: await format.clone().toBuffer() }]] })
  }
  await upload()
  const handles = openFiles()
  await upload()
  await eventually('every handle was closed', () => openFiles() <= handles)
})

t.test('files on their way that a crash left are removed at the start, young ones stay', async (t) => {
  const folder = t.testdir({ media: { '.uploads': {} } })
  const path = (name: string) => `${folder}/media/.uploads/${name}`
  for (const name of ['old', 'young']) writeFileSync(path(name), 'half an upload')
  const twoHoursAgo = Date.now() / 1000 - 7200
  utimesSync(path('old'), twoHoursAgo, twoHoursAgo)
  const { app } = await buildTestApp(t, { folder })
  await app.ready()
  await eventually('the old one was removed', () => !existsSync(path('old')))
  t.ok(existsSync(path('young')))
})
