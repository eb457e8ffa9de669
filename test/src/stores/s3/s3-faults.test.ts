import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { inspect } from 'node:util'
import t, { type Test } from 'tap'
import { freePort } from '../../../../bench/harness/processes.ts'
import type { MediaKey } from '../../../../src/avatars/media-store.ts'
import type { S3Options } from '../../../../src/store-settings.ts'
import { createS3MediaStore } from '../../../../src/stores/s3/s3-media-store.ts'
import { eventually } from '../../../helper.ts'
import { fault, SECRET_KEY, startCannedS3 } from './canned-s3.ts'

const KEY = `${'0'.repeat(32)}.jpg` as MediaKey
const PICTURE = { bytes: Buffer.from('bytes'), format: 'jpg' } as const

async function openStore(t: Test, options: S3Options) {
  const store = await createS3MediaStore(options)
  t.teardown(() => store.close())
  return store
}

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error
  )

t.test('what a server refuses is a store that is away, or full, and the cause says why', async (t) => {
  const server = await startCannedS3(t)
  const store = await openStore(t, server.options)
  const cases: [status: number, code: string, expected: string, attempts: number][] = [
    [500, 'InternalError', 'unavailable', 3],
    [503, 'SlowDown', 'unavailable', 3],
    [403, 'InvalidAccessKeyId', 'unavailable', 1],
    [403, 'QuotaExceeded', 'storage_full', 1],
    [507, 'XMinioStorageFull', 'storage_full', 1],
    [404, 'NoSuchBucket', 'unavailable', 1],
    [400, 'InvalidRequest', 'unavailable', 1]
  ]
  for (const [status, code, expected, attempts] of cases) {
    server.answer((_request, response) => response.writeHead(status).end(fault(code)))
    const error = await failureOf(store.put(PICTURE))
    t.match(error, { code: expected, cause: { code, status, attempts, setting: 'MEDIA_STORE' } }, code)
    t.match(error, { cause: { message: `PutObject: ${code} (${status}): It said so.` } })
    if (expected === 'unavailable') t.match(error, { status: 503, headers: { 'retry-after': /^\d+$/ } })
    t.notMatch(inspect(error, { depth: 9, showHidden: true }), SECRET_KEY)
  }
})

t.test('an object that is not there is no error, a bucket that is not there is one', async (t) => {
  const server = await startCannedS3(t)
  const store = await openStore(t, server.options)
  server.answer((_request, response) => response.writeHead(404).end(fault('NoSuchKey')))
  t.equal(await store.read(KEY), undefined)
  t.equal(await store.open(KEY), undefined)
  await store.delete(KEY)
  server.answer((_request, response) => response.writeHead(404).end())
  t.equal(await store.has(KEY), false)
  server.answer((_request, response) => response.writeHead(404).end(fault('NoSuchBucket')))
  await t.rejects(store.read(KEY), { code: 'unavailable' })
  await t.rejects(store.list()[Symbol.asyncIterator]().next(), { code: 'unavailable' })
})

t.test('bytes that were cut off or changed on their way are never taken for the picture', async (t) => {
  const server = await startCannedS3(t)
  const store = await openStore(t, server.options)
  const broken: [name: string, (response: ServerResponse) => void][] = [
    [
      'cut',
      (response) =>
        void response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy())
    ],
    [
      'changed',
      (response) =>
        void response.writeHead(200, { 'content-length': 4, 'x-amz-checksum-crc32': 'AAAAAA==' }).end('half')
    ],
    ['no XML', (response) => void response.writeHead(502).end('<html>Bad Gateway')]
  ]
  for (const [name, send] of broken) {
    server.answer((_request, response) => send(response))
    await t.rejects(store.read(KEY), { code: 'unavailable' }, name)
    await t.rejects(store.open(KEY), { code: 'unavailable' }, name)
  }
})

t.test('a picture whose acknowledgement was lost is taken back', async (t) => {
  const server = await startCannedS3(t)
  const store = await openStore(t, server.options)
  server.answer((request, response) =>
    request.method === 'PUT' ? response.destroy() : response.writeHead(204).end()
  )
  await t.rejects(store.put(PICTURE), { code: 'unavailable' })
  await eventually('it is deleted', () => server.requests.some((one) => one.startsWith('DELETE')))
  const [put = '', ...others] = server.requests
  t.strictSame(others.at(-1), put.replace('PUT', 'DELETE'))
  t.match(put, /^PUT \/pictures\/avatars\/[0-9a-f]{32}\.jpg$/)
})

t.test(
  'a server that is not there is asked no more than is of use, and opening waits for nobody',
  async (t) => {
    const options = { bucket: 'pictures', credentials: { accessKeyId: 'a', secretAccessKey: SECRET_KEY } }
    const port = await freePort()
    const store = await openStore(t, { ...options, endpoint: `http://127.0.0.1:${port}` })
    const error = await failureOf(store.put(PICTURE))
    t.match(error, {
      code: 'unavailable',
      cause: { code: 'ECONNREFUSED', message: /^PutObject: ECONNREFUSED: connect/ }
    })
    await t.rejects(store.check(), { code: 'unavailable' })
    const nowhere = await openStore(t, { ...options, endpoint: 'http://nowhere.invalid' })
    await t.rejects(nowhere.has(KEY), { code: 'unavailable', cause: { code: /^E/ } })
  }
)

t.test('a server that takes the request and never answers is given up', async (t) => {
  const server = await startCannedS3(t)
  const store = await openStore(t, server.options)
  server.answer(() => {})
  await t.rejects(store.check(), { code: 'unavailable', cause: { code: 'ETIMEDOUT' } })
  await t.rejects(store.has(KEY), { code: 'unavailable', cause: { code: 'ETIMEDOUT' } })
})

t.test(
  'a bucket that can’t be used as it is set is told at the start, one that is away is not',
  async (t) => {
    const refused: [status: number, code: string, sentence: RegExp][] = [
      [404, 'NoSuchBucket', /^the server has no bucket "pictures"/],
      [403, 'AccessDenied', /^the server refuses to list the bucket "pictures"/],
      [403, 'SignatureDoesNotMatch', /^the server refuses to list/],
      [301, 'PermanentRedirect', /^the bucket "pictures" is in another region; set AWS_REGION/],
      [400, 'AuthorizationHeaderMalformed', /set AWS_REGION/]
    ]
    for (const [status, code, message] of refused) {
      const server = await startCannedS3(t, (_request, response) =>
        response.writeHead(status).end(fault(code))
      )
      const error = await failureOf(createS3MediaStore(server.options))
      t.match(error, { name: 'StoreRefused', setting: 'MEDIA_STORE', message }, code)
      t.notMatch(inspect(error, { depth: 9, showHidden: true }), SECRET_KEY)
    }
    const busy = await startCannedS3(t, (_request, response) =>
      response.writeHead(503).end(fault('SlowDown'))
    )
    const store = await openStore(t, busy.options)
    await t.rejects(store.check(), { code: 'unavailable' })
  }
)

t.test('who stops reading a large picture lets its connection go', async (t) => {
  const server = await startCannedS3(t)
  const store = await openStore(t, server.options)
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  server.answer((_request, response) => {
    response.once('close', resolve)
    response.writeHead(200, { 'content-length': 10_000_000, etag: '"x"' }).write(Buffer.alloc(1000))
  })
  const body = (await store.open(KEY))?.body as Readable
  await once(body, 'readable')
  body.destroy()
  await closed
  t.ok(body.destroyed)
})

t.test(
  'no more than some large pictures are sent at once, so that the others have connections',
  async (t) => {
    const server = await startCannedS3(t)
    const store = await openStore(t, server.options)
    server.answer((_request, response) => {
      response.writeHead(200, { 'content-length': 10_000_000, etag: '"x"' }).write(Buffer.alloc(1000))
    })
    const bodies: Readable[] = []
    for (let i = 0; i < 64; i++) bodies.push((await store.open(KEY))?.body as Readable)
    await t.rejects(store.open(KEY), {
      code: 'unavailable',
      cause: { message: /too many clients/ }
    })
    for (const body of bodies) body.on('error', () => {}).destroy()
    await eventually('there is room again', () => bodies.every(({ closed }) => closed))
    const again = (await store.open(KEY))?.body as Readable
    again.on('error', () => {}).destroy()
  }
)

t.test('names that are not ours are not listed, and ages are told by our clock', async (t) => {
  const folder = 'p/avatars/'
  const objects = ['', 'a%2Bb+c%252Fd.jpg', '%E0%A4', `${'0'.repeat(32)}.jpg`]
    .map(
      (name) =>
        `<Contents><Key>${folder}${name}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><Size>3</Size></Contents>`
    )
    .join('')
  const server = await startCannedS3(t, (request, response) => {
    t.equal(new URL(request.url ?? '', 'http://s3').searchParams.get('prefix'), folder)
    // A clock that is an hour behind.
    response.setHeader('date', new Date('2026-01-01T00:10:00Z').toUTCString())
    response.end(
      `<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>${objects}</ListBucketResult>`
    )
  })
  const store = await openStore(t, { ...server.options, prefix: 'p/' })
  const files = []
  for await (const file of store.list()) files.push(file)
  t.strictSame(
    files.map(({ key }) => key),
    ['a+b c%2Fd.jpg', `${'0'.repeat(32)}.jpg`]
  )
  for (const { modifiedAt } of files) t.ok(Math.abs(Date.now() - modifiedAt - 600_000) < 60_000)
})
