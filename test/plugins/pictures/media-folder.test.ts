import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import t, { type Test } from 'tap'
import { buildTestApp } from '../../helper.ts'
import { scene, toAnimation, toSharp } from '../../made-pictures/scene.ts'
import { jpeg, png } from '../../pictures.ts'

const POSIX = { skip: process.platform === 'win32' && 'Windows has neither' }
const STEM = '0123456789abcdef0123456789abcdef'

/** The service with files in its folder of pictures that it did not put there. */
async function withFiles(t: Test, put: (folder: string) => unknown) {
  const service = await buildTestApp(t)
  await service.app.ready()
  const folder = `${service.folder}/media/avatars`
  await put(folder)
  const get = (name: string, headers: Record<string, string> = {}) =>
    service.call('GET', `/media/avatars/${name}`, { headers })
  return { ...service, get, folder }
}

t.test('links and pipes in the folder are not there, nor squares of them', POSIX, async (t) => {
  const { get, folder, pictures } = await withFiles(t, async (folder) => {
    writeFileSync(`${folder}/../outside.jpg`, await jpeg())
    writeFileSync(`${folder}/inside.jpg`, await jpeg())
    mkdirSync(`${folder}/../others`)
    writeFileSync(`${folder}/../others/other.jpg`, await jpeg())
    symlinkSync('../outside.jpg', `${folder}/${'a'.repeat(32)}.jpg`)
    symlinkSync('inside.jpg', `${folder}/${'b'.repeat(32)}.jpg`)
    symlinkSync('nowhere.jpg', `${folder}/${'c'.repeat(32)}.jpg`)
    symlinkSync('../others', `${folder}/${'d'.repeat(32)}.jpg`)
    symlinkSync(`${'e'.repeat(32)}.jpg`, `${folder}/${'e'.repeat(32)}.jpg`)
    mkdirSync(`${folder}/${'f'.repeat(32)}.jpg`)
    execFileSync('mkfifo', [`${folder}/${'0'.repeat(32)}.jpg`])
    symlinkSync('/dev/zero', `${folder}/${'1'.repeat(32)}.jpg`)
    symlinkSync('inside.jpg', `${folder}/${STEM}@64.webp`)
  })
  t.equal((await get('inside.jpg')).statusCode, 200)
  const before = pictures()
  for (const letter of 'abcdef01') {
    const stem = letter.repeat(32)
    for (const name of [`${stem}.jpg`, `${stem}@64.webp`, `${stem}.jpg/`, `${stem}.jpg/other.jpg`]) {
      const response = await get(name)
      t.equal(response.statusCode, 404, name)
      t.strictSame(response.json(), { detail: 'Not found.' }, name)
    }
  }
  t.equal((await get(`${STEM}@64.webp`)).statusCode, 404)
  t.strictSame(pictures(), before, 'nothing was made of them')
  t.strictSame(readdirSync(`${folder}/../others`), ['other.jpg'])
})

t.test('a file is served under the type of its bytes; what is no picture only to be saved', async (t) => {
  const html = '<html><script>alert(1)</script></html>'
  const { get } = await withFiles(t, async (folder) => {
    writeFileSync(`${folder}/page.jpg`, html)
    writeFileSync(`${folder}/drawing.png`, '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')
    writeFileSync(`${folder}/script.webp`, 'alert(1)')
    writeFileSync(`${folder}/empty.jpg`, '')
    writeFileSync(`${folder}/misnamed.jpg`, await png())
    writeFileSync(`${folder}/page.html`, await jpeg())
    writeFileSync(`${folder}/no-ending`, await toSharp(scene()).avif().toBuffer())
    writeFileSync(`${folder}/moving.jpg`, await (await toAnimation([scene(), scene()])).gif().toBuffer())
    writeFileSync(`${folder}/ñandú-日本.jpg`, await jpeg())
  })
  for (const name of ['page.jpg', 'drawing.png', 'script.webp', 'empty.jpg']) {
    const response = await get(name)
    t.equal(response.statusCode, 200, name)
    t.match(
      response.headers,
      {
        'content-type': 'application/octet-stream',
        'content-disposition': 'attachment',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox"
      },
      name
    )
  }
  for (const [name, type] of [
    ['misnamed.jpg', 'image/png'],
    ['page.html', 'image/jpeg'],
    ['no-ending', 'image/avif'],
    ['moving.jpg', 'image/gif'],
    [encodeURIComponent('ñandú-日本.jpg'), 'image/jpeg']
  ] as const) {
    const { statusCode, headers } = await get(name)
    t.equal(statusCode, 200, name)
    t.equal(headers['content-type'], type, name)
    t.equal(headers['content-disposition'], undefined, name)
    t.equal(headers['x-content-type-options'], 'nosniff', name)
  }
})

t.test('no spelling of a name leads anywhere else', async (t) => {
  const { get, call } = await withFiles(t, async (folder) => {
    writeFileSync(`${folder}/../canary.jpg`, 'CANARY')
    mkdirSync(`${folder}/sub`)
    writeFileSync(`${folder}/sub/canary.jpg`, 'CANARY')
    writeFileSync(`${folder}/.canary.jpg`, 'CANARY')
    writeFileSync(`${folder}/picture.jpg`, await jpeg())
  })
  t.equal((await get('picture.jpg')).statusCode, 200)
  const separators = [
    '/',
    '%2f',
    '%2F',
    '%5c',
    '%5C',
    '\\',
    '%252f',
    '%255c',
    '%c0%af',
    '%ef%bc%8f',
    '%e2%88%95'
  ]
  const dots = [
    '..',
    '%2e%2e',
    '.%2e',
    '%2E.',
    '...',
    '..;',
    '..%00',
    '%252e%252e',
    '%c0%ae%c0%ae',
    '%u002e%u002e'
  ]
  const names = [
    ...separators.flatMap((slash) => [
      `sub${slash}canary.jpg`,
      ...dots.map((dot) => `${dot}${slash}canary.jpg`),
      ...dots.map((dot) => `sub${slash}${dot}${slash}${dot}${slash}canary.jpg`),
      `${slash}picture.jpg`,
      `${slash}${slash}picture.jpg`
    ]),
    '.%2fpicture.jpg',
    '.canary.jpg',
    '%2ecanary.jpg',
    '%2Ecanary.jpg',
    'picture.jpg%00',
    'picture.jpg%00.png',
    '%00picture.jpg',
    'picture.jpg%0a',
    'picture.jpg%20',
    '%20picture.jpg',
    'picture.jpg:$DATA',
    'picture.jpg::$DATA',
    'picture.jp%67x',
    'PICTURE.JPG',
    '~',
    '*',
    '%',
    '%zz',
    '%e0%a4',
    'file:%2f%2f%2fetc%2fpasswd',
    'http:%2f%2flocalhost%2fcanary.jpg'
  ]
  for (const name of names) {
    const response = await get(name)
    t.equal(response.statusCode, 404, name)
    t.strictSame(response.json(), { detail: 'Not found.' }, name)
  }
  for (const url of [
    '//media/avatars/../canary.jpg',
    '/media//avatars/..//canary.jpg',
    '/media/avatars%2fpicture.jpg'
  ])
    t.notMatch((await call('GET', url)).body, /CANARY|JFIF/, url)
})

t.test('a name may be long; one that is too long for any file system is not found', async (t) => {
  const { get } = await withFiles(t, async (folder) => {
    writeFileSync(`${folder}/${'n'.repeat(196)}.jpg`, await jpeg())
  })
  t.equal((await get(`${'n'.repeat(196)}.jpg`)).statusCode, 200)
  for (const length of [195, 197, 201, 255, 256, 1000, 4096, 10_000]) {
    const response = await get(`${'n'.repeat(length)}.jpg`)
    t.equal(response.statusCode, 404, `${length}`)
    t.strictSame(response.json(), { detail: 'Not found.' })
  }
  t.equal((await get('é'.repeat(150))).statusCode, 404, 'bytes count, not letters')
  t.equal((await get(encodeURIComponent('日'.repeat(180)))).statusCode, 404)
})

t.test('a browser that has a picture is told so', async (t) => {
  const { get } = await withFiles(t, async (folder) => writeFileSync(`${folder}/picture.jpg`, await jpeg()))
  const { headers } = await get('picture.jpg')
  const [etag, modified] = [String(headers.etag), String(headers['last-modified'])]
  t.match(modified, /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/)
  const [before, after] = ['Mon, 01 Jan 2001 00:00:00 GMT', 'Fri, 01 Jan 2100 00:00:00 GMT']
  const cases: [headers: Record<string, string>, status: number][] = [
    [{ 'if-none-match': etag }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': `"other", ${etag}` }, 304],
    [{ 'if-none-match': '"other"' }, 200],
    [{ 'if-none-match': '"other"', 'if-modified-since': modified }, 200],
    [{ 'if-modified-since': modified }, 304],
    [{ 'if-modified-since': after }, 304],
    [{ 'if-modified-since': before }, 200],
    [{ 'if-modified-since': 'no date' }, 200],
    [{ 'if-match': '"other"' }, 412],
    [{ 'if-unmodified-since': before }, 412]
  ]
  for (const [sent, status] of cases) {
    const response = await get('picture.jpg', sent)
    t.equal(response.statusCode, status, JSON.stringify(sent))
    if (status === 304) t.equal(response.rawPayload.length, 0)
  }
})

t.test('parts of a picture are served', async (t) => {
  const bytes = await jpeg()
  const { get } = await withFiles(t, (folder) => writeFileSync(`${folder}/picture.jpg`, bytes))
  const last = bytes.length - 1
  const parts: [range: string, start: number, end: number][] = [
    ['bytes=0-0', 0, 0],
    ['bytes=0-9', 0, 9],
    ['bytes=5-', 5, last],
    [`bytes=${last}-`, last, last],
    ['bytes=-1', last, last],
    ['bytes=-10', last - 9, last],
    [`bytes=-${bytes.length}`, 0, last],
    [`bytes=10-${bytes.length * 2}`, 10, last]
  ]
  for (const [range, start, end] of parts) {
    const response = await get('picture.jpg', { range })
    t.equal(response.statusCode, 206, range)
    t.equal(response.headers['content-range'], `bytes ${start}-${end}/${bytes.length}`, range)
    t.ok(response.rawPayload.equals(bytes.subarray(start, end + 1)), range)
    t.equal(response.headers['content-type'], 'image/jpeg', range)
    t.equal(response.headers['x-content-type-options'], 'nosniff', range)
  }
  for (const range of ['bytes=99999999-', `bytes=${bytes.length}-`]) {
    const response = await get('picture.jpg', { range })
    t.equal(response.statusCode, 416, range)
    t.notOk(response.rawPayload.includes(bytes.subarray(0, 20)), range)
  }
  // Several parts, and what is no range, are answered with the whole.
  for (const range of ['bytes=0-1,5-6', 'pages=1-2', 'bytes 0-1', '']) {
    const response = await get('picture.jpg', { range })
    t.equal(response.statusCode, 200, range)
    t.ok(response.rawPayload.equals(bytes), range)
  }
  const { headers } = await get('picture.jpg')
  const changed = await get('picture.jpg', { range: 'bytes=0-1', 'if-range': '"other"' })
  t.equal(changed.statusCode, 200, 'a part of another picture is of no use')
  const same = await get('picture.jpg', { range: 'bytes=0-1', 'if-range': String(headers['last-modified']) })
  t.equal(same.statusCode, 206)
})

t.test('a picture that is deleted while it is looked at is not found, and nobody keeps that', async (t) => {
  const { get, folder } = await withFiles(t, () => {})
  const path = `${folder}/${STEM}.jpg`
  const bytes = await jpeg()
  const handle = await open(folder)
  const prototype = Object.getPrototypeOf(handle)
  await handle.close()
  const { read } = prototype
  let deleting = true
  // Its first bytes are read, then it is gone.
  t.intercept(prototype, 'read', {
    async value(this: FileHandle, ...args: unknown[]) {
      const result = await read.apply(this, args)
      if (deleting) rmSync(path, { force: true })
      return result
    }
  })
  for (const headers of [{}, { range: 'bytes=0-9' }, { 'if-none-match': '"x"' }]) {
    writeFileSync(path, bytes)
    const response = await get(`${STEM}.jpg`, headers)
    t.equal(response.statusCode, 404)
    t.strictSame(response.json(), { detail: 'Not found.' })
    t.match(response.headers['content-type'], /^application\/json/)
    t.equal(response.headers['cache-control'], 'no-store')
    for (const name of ['etag', 'last-modified', 'accept-ranges'])
      t.equal(response.headers[name], undefined, name)
  }
  deleting = false
  writeFileSync(path, bytes)
  t.equal((await get(`${STEM}.jpg`)).statusCode, 200)
})
