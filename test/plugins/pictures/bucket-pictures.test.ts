import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { get as httpGet } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { mediaKeyFromPath, mediaUrlPath } from '../../../src/avatars/media-paths.ts'
import type { MediaKey } from '../../../src/avatars/media-store.ts'
import { createS3MediaStore } from '../../../src/stores/s3/s3-media-store.ts'
import { buildTestApp, eventually } from '../../helper.ts'
import { startNodeS3 } from '../../node-s3.ts'
import { jpeg } from '../../pictures.ts'

/** The service over a bucket of its own. */
async function withBucket(t: Test, env: Record<string, string> = {}) {
  const server = await startNodeS3(t)
  const { bucket, endpoint, credentials } = server
  const settings = {
    MEDIA_STORE: `s3://${bucket}/some/prefix`,
    S3_ENDPOINT: endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...env
  }
  const lines: string[] = []
  const logger = { level: 'warn', stream: { write: (line: string) => void lines.push(line) } }
  const service = await buildTestApp(t, { env: settings, logger })
  const store = await createS3MediaStore({ ...server, prefix: 'some/prefix/' })
  t.teardown(() => store.close())
  const keys = async () => {
    const found: string[] = []
    for await (const { key } of store.list()) found.push(key)
    return found.sort()
  }
  const put = async (path: string, bytes: Buffer): Promise<string> => {
    const key = mediaKeyFromPath(path) as MediaKey
    await store.putUnder(key, bytes)
    return `/media/${mediaUrlPath(key)}`
  }
  const upload = async (account: Awaited<ReturnType<typeof service.signUp>>) => {
    const answer = await service.update(account, { form: [['avatar', { bytes: await jpeg() }]] })
    return { status: answer.statusCode, headers: answer.headers, avatar: String(answer.json().avatar) }
  }
  return { ...service, server, store, keys, put, upload, lines }
}

t.test('a picture is kept, served, replaced and taken away, and nothing is left of it', async (t) => {
  const { signUp, upload, update, call, keys, pictures } = await withBucket(t)
  const ada = await signUp()
  const first = await upload(ada)
  const name = first.avatar.replace('/media/avatars/', '')
  t.strictSame(await keys(), [name])
  const answer = await call('GET', first.avatar)
  t.equal(answer.statusCode, 200)
  t.match(answer.headers, {
    'content-type': 'image/jpeg',
    'content-length': String(answer.rawPayload.length),
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'accept-ranges': 'bytes',
    etag: /^"[^"]+"$/
  })
  const square = first.avatar.replace('.jpg', '@64.webp')
  t.equal((await call('GET', square)).headers['content-type'], 'image/webp')
  t.equal((await keys()).length, 2)
  const second = await upload(ada)
  t.strictSame(await keys(), [second.avatar.replace('/media/avatars/', '')], 'with its squares')
  for (const gone of [first.avatar, square]) t.equal((await call('GET', gone)).statusCode, 404)
  await update(ada, { json: { avatar: null } })
  t.strictSame(await keys(), [])
  t.throws(pictures, 'there is no folder of pictures')
})

t.test('conditions and parts are answered as those of a file', async (t) => {
  const { call, put } = await withBucket(t)
  // Two of each: one that is held whole, and one that is a stream.
  for (const bytes of [await jpeg(), Buffer.concat([await jpeg(), randomBytes(400_000)])]) {
    const url = await put('avatars/picture.jpg', bytes)
    const get = (headers: Record<string, string>, method: 'GET' | 'HEAD' = 'GET') =>
      call(method, url, { headers })
    const whole = await get({})
    t.ok(whole.rawPayload.equals(bytes))
    const [etag, modified] = [String(whole.headers.etag), String(whole.headers['last-modified'])]
    const [before, after] = ['Mon, 01 Jan 2001 00:00:00 GMT', 'Fri, 01 Jan 2100 00:00:00 GMT']
    const conditions: [headers: Record<string, string>, status: number][] = [
      [{ 'if-none-match': etag }, 304],
      [{ 'if-none-match': `"other", W/${etag}` }, 304],
      [{ 'if-none-match': '*' }, 304],
      [{ 'if-none-match': '"other"' }, 200],
      [{ 'if-none-match': '"other"', 'if-modified-since': modified }, 200],
      [{ 'if-modified-since': modified }, 304],
      [{ 'if-modified-since': before }, 200],
      [{ 'if-modified-since': 'no date' }, 200],
      [{ 'if-match': etag }, 200],
      [{ 'if-match': '*' }, 200],
      [{ 'if-match': '"other"' }, 412],
      [{ 'if-match': `W/${etag}` }, 412],
      [{ 'if-unmodified-since': before }, 412],
      [{ 'if-unmodified-since': after }, 200],
      [{ 'if-none-match': etag, range: 'bytes=0-1' }, 304],
      [{ range: 'bytes=0-1', 'if-range': '"other"' }, 200],
      [{ range: 'bytes=0-1', 'if-range': before }, 200],
      [{ range: 'bytes=0-1', 'if-range': etag }, 206],
      [{ range: 'bytes=0-1', 'if-range': modified }, 206]
    ]
    for (const [headers, status] of conditions) {
      const answer = await get(headers)
      t.equal(answer.statusCode, status, JSON.stringify(headers))
      if (status === 304) t.equal(answer.rawPayload.length, 0)
      if (status === 412) t.strictSame(answer.json(), { detail: 'Precondition Failed' })
    }
    const last = bytes.length - 1
    const parts: [range: string, start: number, end: number][] = [
      ['bytes=0-0', 0, 0],
      ['bytes=5-', 5, last],
      [`bytes=${last}-`, last, last],
      ['bytes=-10', last - 9, last],
      [`bytes=-${bytes.length + 5}`, 0, last],
      [`bytes=10-${bytes.length * 2}`, 10, last]
    ]
    for (const [range, start, end] of parts) {
      const answer = await get({ range })
      t.equal(answer.statusCode, 206, range)
      t.equal(answer.headers['content-range'], `bytes ${start}-${end}/${bytes.length}`, range)
      t.ok(answer.rawPayload.equals(bytes.subarray(start, end + 1)), range)
      t.equal(answer.headers['content-type'], 'image/jpeg', range)
      t.equal(answer.headers['content-length'], String(end - start + 1), range)
    }
    for (const range of ['bytes=0-1,5-6', 'pages=1-2', 'bytes=9-5', 'bytes=-', ''])
      t.ok((await get({ range })).rawPayload.equals(bytes), range)
    for (const range of [`bytes=${bytes.length}-`, 'bytes=-0']) {
      const answer = await get({ range })
      t.equal(answer.statusCode, 416, range)
      t.equal(answer.headers['content-range'], `bytes */${bytes.length}`)
      t.strictSame(answer.json(), { detail: 'Range Not Satisfiable' })
    }
    const head = await get({}, 'HEAD')
    t.match(head, { statusCode: 200, body: '', headers: { 'content-length': String(bytes.length), etag } })
    t.equal((await get({ 'if-none-match': etag }, 'HEAD')).statusCode, 304)
  }
})

t.test('what is no picture is only to be saved, and what is not there is not found', async (t) => {
  const { call, put } = await withBucket(t)
  for (const bytes of [Buffer.from('<html><script>alert(1)</script></html>'), Buffer.alloc(0)])
    for (const method of ['GET', 'HEAD'] as const) {
      const answer = await call(method, await put('users/7/page é%.jpg', bytes))
      t.equal(answer.statusCode, 200)
      t.match(answer.headers, {
        'content-type': 'application/octet-stream',
        'content-disposition': 'attachment',
        'content-length': String(bytes.length),
        'x-content-type-options': 'nosniff'
      })
    }
  for (const headers of [{}, { range: 'bytes=0-1' }, { 'if-none-match': '*' }] as Record<string, string>[])
    for (const name of [`${'0'.repeat(32)}.jpg`, `${'0'.repeat(32)}@64.webp`, 'none.jpg', 'sub/none.jpg']) {
      const answer = await call('GET', `/media/avatars/${name}`, { headers })
      t.equal(answer.statusCode, 404, name)
      t.strictSame(answer.json(), { detail: 'Not found.' })
    }
})

t.test(
  'MEDIA_DELIVERY=public sends clients to the public URL of pictures that are there, and of nothing else',
  async (t) => {
    const env = { MEDIA_DELIVERY: 'public', MEDIA_PUBLIC_URL: 'https://cdn.example.com/p/' }
    const { call, put, signUp, upload, server, store } = await withBucket(t, env)
    const { avatar } = await upload(await signUp())
    const square = avatar.replace('.jpg', '@32.webp')
    for (const path of [avatar, square]) {
      const answer = await call('GET', path)
      t.equal(answer.statusCode, 302)
      t.equal(
        answer.headers.location,
        `https://cdn.example.com/p/avatars/${encodeURIComponent(path.slice('/media/avatars/'.length))}`
      )
      t.equal(answer.headers['cache-control'], 'public, max-age=300')
      t.equal(answer.body, '')
    }
    const foreign = await call('GET', await put('users/7/añ b.jpg', await jpeg()))
    t.equal(
      foreign.headers.location,
      'https://cdn.example.com/p/avatars/%252Fusers%252F7%252Fa%C3%B1%20b.jpg'
    )
    const page = await call('GET', await put('avatars/page.jpg', Buffer.from('<html>')))
    t.match(page, {
      statusCode: 200,
      headers: { 'content-type': 'application/octet-stream', 'content-disposition': 'attachment' }
    })
    t.equal((await call('HEAD', avatar)).statusCode, 200)
    t.equal((await call('GET', `/media/avatars/${'0'.repeat(32)}.jpg`)).statusCode, 404)
    // Under another type than that of its bytes, as a tool that knows names alone puts it there.
    const { S3Client, PutObjectCommand } = await import('@aws-sdk/client-s3')
    const client = new S3Client({ ...server, forcePathStyle: true })
    t.teardown(() => client.destroy())
    const Key = 'some/prefix/avatars/odd.html'
    await client.send(
      new PutObjectCommand({ Bucket: server.bucket, Key, Body: await jpeg(), ContentType: 'text/html' })
    )
    t.ok(await store.has('odd.html' as MediaKey))
    t.match(await call('GET', '/media/avatars/odd.html'), {
      statusCode: 200,
      headers: { 'content-type': 'image/jpeg' }
    })
  }
)

t.test('MEDIA_DELIVERY=presigned sends clients to a signed URL, the same one for a while', async (t) => {
  const env = { MEDIA_DELIVERY: 'presigned', MEDIA_LINK_LIFETIME: '7200' }
  const { call, put, signUp, upload, store } = await withBucket(t, env)
  const { avatar } = await upload(await signUp())
  const answer = await call('GET', avatar)
  t.equal(answer.statusCode, 302)
  t.equal(answer.headers['cache-control'], 'public, max-age=1800')
  const url = new URL(String(answer.headers.location))
  t.equal(url.searchParams.get('X-Amz-Expires'), '7200')
  t.notMatch(url.href, 'test-secret')
  const direct = await fetch(url)
  t.equal(direct.status, 200)
  t.equal(direct.headers.get('content-type'), 'image/jpeg')
  const stored = await store.read(avatar.replace('/media/avatars/', '') as MediaKey)
  t.ok(stored?.equals(Buffer.from(await direct.arrayBuffer())))
  const page = await call('GET', await put('avatars/page.html', Buffer.from('<html>')))
  const save = new URL(String(page.headers.location)).searchParams
  t.equal(save.get('response-content-type'), 'application/octet-stream')
  t.equal(save.get('response-content-disposition'), 'attachment')
  const square = await call('GET', avatar.replace('.jpg', '@32.webp'))
  t.match(new URL(String(square.headers.location)).searchParams.get('response-content-type'), 'image/webp')
  t.equal((await call('HEAD', avatar)).statusCode, 200, 'a signed URL is for GET alone')
  t.equal((await call('GET', `/media/avatars/${'0'.repeat(32)}.jpg`)).statusCode, 404)
})

t.test(
  'with the bucket away JSON goes on, uploads and pictures get 503, and the node stays in service',
  async (t) => {
    const { call, update, signUp, upload, server, lines, row } = await withBucket(t)
    const ada = await signUp()
    const { avatar } = await upload(ada)
    await server.stop()
    const refused = await upload(ada)
    t.equal(refused.status, 503)
    t.match(refused.headers, { 'retry-after': '1' })
    t.equal(`/media/avatars/${row(ada.id)?.avatar}`, avatar, 'the old picture stays')
    const changed = await update(ada, { json: { first_name: 'Ada' } })
    t.equal(changed.statusCode, 200)
    t.equal(changed.json().avatar, avatar)
    const picture = await call('GET', avatar)
    t.equal(picture.statusCode, 503)
    t.match(picture.headers, { 'retry-after': '1', 'cache-control': 'no-store' })
    t.equal((await call('GET', '/health/ready')).statusCode, 200)
    t.ok(
      lines.some((line) => line.includes('ECONNREFUSED')),
      'the log says why'
    )
    t.notMatch(lines.join(''), 'test-secret')
  }
)

t.test('the service starts while its bucket is away, and says so once', async (t) => {
  const lines: string[] = []
  const logger = { level: 'warn', stream: { write: (line: string) => void lines.push(line) } }
  const env = {
    MEDIA_STORE: 's3://pictures',
    S3_ENDPOINT: 'http://127.0.0.1:9',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test-secret'
  }
  const { signUp, app } = await buildTestApp(t, { env, logger })
  t.equal((await signUp()).id, 1)
  t.equal(lines.filter((line) => line.includes('uploads get 503 until they can')).length, 1)
  await app.close()
})

t.test('a client that goes away in the midst of a large picture leaves nothing open', async (t) => {
  const { app, put } = await withBucket(t)
  const url = await put('avatars/large.jpg', Buffer.concat([await jpeg(), randomBytes(10_000_000)]))
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const opened: { destroyed: boolean; closed: boolean }[] = []
  const { media } = app.stores
  const { open } = media
  t.intercept(media, 'open', {
    value: async (...args: Parameters<NonNullable<typeof open>>) => {
      const file = await open?.(...args)
      if (file && !Buffer.isBuffer(file.body)) opened.push(file.body)
      return file
    }
  })
  const request = httpGet({ host: '127.0.0.1', port, path: url })
  const [response] = await once(request, 'response')
  await once(response, 'data')
  request.destroy()
  await eventually('its stream is closed', () => opened.length === 1 && opened[0]?.closed === true)
  t.ok(opened[0]?.destroyed)
})
