import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { buildTestApp, encodeForm, eventually } from '../../helper.ts'
import { jpeg, noise } from '../../pictures.ts'
import { answerOf, head, listening, open, uploadToCut } from '../../raw-http.ts'

const openFiles = () => readdirSync('/dev/fd').length

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
  const cuts = Array.from({ length: 50 }, (_, index) => Math.floor((body.length * index) / 50))
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

t.test('an upload that takes too long is refused, its connection ends, and nothing is left', async (t) => {
  const { port, connections, signUp, update, row, pictures, uploads } = await listening(t, {
    UPLOAD_TIMEOUT: '1'
  })
  const ada = await signUp()
  await update(ada, { form: [['avatar', { bytes: await jpeg() }]] })
  const [before, files] = [row(ada.id), pictures()]
  const { body, type, cuts } = await uploadToCut()
  for (const [name, cut] of Object.entries(cuts)) {
    const socket = await open(port)
    const answer = answerOf(socket)
    socket.write(head(ada, type, body.length))
    socket.write(body.subarray(0, cut))
    const text = await answer
    t.match(text, /^HTTP\/1\.1 408 Request Timeout\r\n/, name)
    t.match(text, /^connection: close\r$/im)
    t.match(text, /\r\n\r\n\{"avatar":\["Ensure the upload takes no longer than 1 second\."\]\}$/)
    await eventually('the connection ended', async () => (await connections()) === 0)
    await eventually('no file is left', () => uploads().length === 0)
    socket.destroy()
  }
  t.strictSame(row(ada.id), before)
  t.strictSame(pictures(), files)
})

t.test('a form without a file that takes too long is refused as a whole', async (t) => {
  const { port, connections } = await listening(t, { UPLOAD_TIMEOUT: '1' })
  const socket = await open(port)
  const answer = answerOf(socket)
  socket.write('POST /api/sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n')
  socket.write('Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n')
  const text = await answer
  t.match(text, /^HTTP\/1\.1 408 [\s\S]*\{"detail":"The request took too long to arrive\."\}$/)
  await eventually('the connection ended', async () => (await connections()) === 0)
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
