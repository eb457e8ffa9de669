import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import t from 'tap'
import { buildTestApp } from '../helper.ts'
import { jpeg } from '../pictures.ts'

/**
 * Values that look like a received file without being one, as @fastify/multipart took them before it branded its own
 * (10.1.9): nothing that came as a text or as JSON is ever opened or removed by its path.
 */
const NOT_A_FILE = 'The submitted data was not a file. Check the encoding type on the form.'

t.test('no value of JSON or of a form passes for a file; the file that it names stays', async (t) => {
  const { signUp, update, call, row, pictures, uploads, folder } = await buildTestApp(t)
  const ada = await signUp()
  await update(ada, { form: [['avatar', { bytes: await jpeg() }]] })
  const [before, files] = [row(ada.id), pictures()]
  // Real pictures, which could become the avatar if a path were followed.
  const bait = await jpeg()
  const waiting = join(folder, 'media/.uploads/waiting')
  const elsewhere = join(folder, 'elsewhere.jpg')
  const link = join(folder, 'link.jpg')
  mkdirSync(join(folder, 'inner'))
  for (const path of [waiting, elsewhere]) writeFileSync(path, bait)
  if (process.platform !== 'win32') symlinkSync(elsewhere, link)
  // All of them the test's own: a service that took them for files would remove them.
  const paths = [
    elsewhere,
    waiting,
    link,
    `file://${elsewhere}`,
    join(folder, 'data/profile.db'),
    relative(process.cwd(), elsewhere),
    `${folder}/inner/../elsewhere.jpg`
  ]
  const lookAlikes: unknown[] = [
    { file: {}, _buf: 'x' },
    { type: 'file', fieldname: 'avatar', filename: 'a.jpg', mimetype: 'image/jpeg', file: {}, _buf: 'x' },
    { _buf: { type: 'Buffer', data: [...bait.subarray(0, 64)] } },
    { type: 'Buffer', data: [...bait.subarray(0, 64)] },
    { toBuffer: 'x', file: { truncated: false } },
    { ['__proto__']: { path: elsewhere }, bytes: bait.length },
    { 'Symbol(received file)': true, path: elsewhere, bytes: bait.length },
    { 'received file': true, path: elsewhere, bytes: bait.length },
    { '@@received file': true, path: elsewhere, bytes: 0 },
    ...paths.flatMap((path) => [
      path,
      [path],
      { path },
      { path, bytes: bait.length },
      { path, bytes: 0 },
      { filepath: path, size: bait.length },
      [{ path, bytes: bait.length }],
      { avatar: { path, bytes: bait.length } }
    ])
  ]
  for (const avatar of lookAlikes) {
    const text = JSON.stringify(avatar)
    const part = `--x\r\nContent-Disposition: form-data; name="avatar"\r\nContent-Type: application/json\r\n\r\n${text}\r\n--x--\r\n`
    const multipart = { 'content-type': 'multipart/form-data; boundary=x' }
    const sent = [
      { body: `{"avatar": ${text}}`, headers: { 'content-type': 'application/json' } },
      { body: part, headers: multipart },
      { body: part.replace('application/json', 'text/plain'), headers: multipart },
      { urlencoded: new URLSearchParams({ avatar: text }).toString() }
    ]
    for (const one of sent) {
      const { statusCode, body } = await update(ada, one)
      t.equal(statusCode, 400, `${text}: ${body}`)
      if (!body.includes('Multipart form parse error'))
        t.strictSame(JSON.parse(body), { avatar: [NOT_A_FILE] })
    }
  }
  for (const path of paths) {
    for (const [name, value] of [
      ['avatar[path]', path],
      ['avatar.path', path],
      ['avatar[file]', path],
      ['avatar[0]', path]
    ] as const) {
      const urlencoded = new URLSearchParams({ [name]: value, 'avatar[bytes]': '1' }).toString()
      t.equal((await update(ada, { urlencoded })).statusCode, 200, 'an unknown field like any other')
      t.equal((await update(ada, { form: [[name, value]] })).statusCode, 200)
    }
  }
  t.strictSame(row(ada.id), before)
  t.strictSame(pictures(), files)
  t.strictSame(uploads(), ['waiting'], 'a file on its way is nobody’s to remove')
  for (const path of [waiting, elsewhere]) t.ok(readFileSync(path).equals(bait), path)
  t.ok(existsSync(link) || process.platform === 'win32')
  t.ok(existsSync(join(folder, 'data/profile.db')))
  t.equal((await call('GET', `/media/avatars/${files[0]}`)).statusCode, 200)
})

t.test('where no file is asked for, none that is described is taken or removed either', async (t) => {
  const { signUp, call, row, folder } = await buildTestApp(t)
  const ada = await signUp()
  const before = row(ada.id)
  const path = join(folder, 'precious.txt')
  writeFileSync(path, 'gold')
  const file = { path, bytes: 4 }
  const bodies: [path: string, json: object][] = [
    ['/api/sign-in/', { email: file, password: file, avatar: file }],
    ['/api/sign-up/', { username: file, email: file, password: file, avatar: file }],
    ['/api/token/refresh/', { refresh: file }],
    [`/api/profile/${ada.id}/password/`, { current_password: file, new_password: file, avatar: file }]
  ]
  for (const [url, json] of bodies) {
    const { statusCode, body } = await call('POST', url, { token: ada.access, json })
    t.equal(statusCode, 400, body)
    t.match(body, /Not a valid string\./)
    t.equal(readFileSync(path, 'utf8'), 'gold')
  }
  t.strictSame(row(ada.id), before)
})
