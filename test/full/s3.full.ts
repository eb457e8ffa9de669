import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import type { MediaKey } from '../../src/avatars/media-store.ts'
import { sweepMedia } from '../../src/avatars/sweep.ts'
import { systemClock } from '../../src/clock.ts'
import { inParallel } from '../../src/in-parallel.ts'
import type { S3Options } from '../../src/store-settings.ts'
import { createS3MediaStore, type S3MediaStore } from '../../src/stores/s3/s3-media-store.ts'
import { openSqliteStores } from '../../src/stores/sqlite/open-sqlite.ts'
import { mediaStoreContract } from '../contracts/media-store.ts'
import { encodeForm, eventually, PASSWORD, SECRET, unique } from '../helper.ts'
import { jpeg } from '../pictures.ts'
import { run, type Service, startService } from '../service.ts'
import { type S3Server, settingsOf, startMoto, startVersitygw } from './s3-servers.ts'

/** A page of a listing has 1000. */
const MANY = 1100
const CONTRACT = fileURLToPath(new URL('../../../shared/contract/run.mjs', import.meta.url))

async function openStore(
  t: Test,
  server: S3Server,
  prefix: string,
  more: Partial<S3Options> = {}
): Promise<S3MediaStore> {
  const { endpoint, region, bucket, accessKeyId, secretAccessKey } = server
  const credentials = { accessKeyId, secretAccessKey }
  const store = await createS3MediaStore({ bucket, prefix, endpoint, region, credentials, ...more })
  t.teardown(() => store.close())
  return store
}

async function keysOf(store: S3MediaStore): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list()) keys.push(key)
  return keys.sort()
}

/** A user of a running service. */
async function signUp({ origin }: Service) {
  const username = unique('ada')
  const answer = await fetch(`${origin}/api/sign-up/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, email: `${username}@example.com`, password: PASSWORD })
  })
  const { user, access } = (await answer.json()) as { user: { id: number }; access: string }
  const send = async (body: Buffer | string, type: string) => {
    const response = await fetch(`${origin}/api/profile/${user.id}/update/`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${access}`, 'content-type': type },
      body: new Uint8Array(Buffer.from(body))
    })
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      body: (await response.json()) as { avatar: string }
    }
  }
  return {
    update: (json: object) => send(JSON.stringify(json), 'application/json'),
    upload: async () => {
      const { body, type } = await encodeForm([['avatar', { bytes: await jpeg() }]])
      return send(body, type)
    }
  }
}

const nameOf = (avatar: string) => avatar.replace('/media/avatars/', '')

function testServer(t: Test, server: S3Server, limits: { longest?: number }): void {
  let serial = 0
  for (const checksums of ['when_supported', 'when_required'] as const)
    t.test(`the contract, with checksums ${checksums}`, async (t) =>
      mediaStoreContract(t, (t) => openStore(t, server, `contract-${serial++}/`, { checksums }), limits)
    )

  t.test('all pages of a listing come, and a sweep takes what is old and nobody’s, and ours', async (t) => {
    const [store, beside] = [await openStore(t, server, 'many/'), await openStore(t, server, 'many/avatars/')]
    const names = Array.from({ length: MANY }, (_, i) => `${String(i).padStart(32, '0')}.png` as MediaKey)
    await inParallel(names, 16, (name) => store.putUnder(name, Buffer.from('x')))
    await beside.putUnder('others.png' as MediaKey, Buffer.from('x'))
    t.strictSame(await keysOf(store), names)
    const { users, close } = openSqliteStores({ path: ':memory:' })
    t.teardown(close)
    const inUse = new Set(names.slice(5))
    t.intercept(users, 'findReferencedMedia', {
      value: async (keys: MediaKey[]) => new Set(keys.filter((key) => inUse.has(key)))
    })
    const { signal } = new AbortController()
    const sweep = (graceMs: number) =>
      sweepMedia({ media: store, users, graceMs, clock: systemClock, signal })
    t.equal(await sweep(600_000), 0, 'young ones may still get their users')
    t.equal(await sweep(-5000), 5)
    t.strictSame(await keysOf(store), names.slice(5))
    t.strictSame(await keysOf(beside), ['others.png'], 'what is in another folder is not ours')
  })

  t.test('the service keeps, serves, replaces and deletes, and the doctor finds what is wrong', async (t) => {
    const folder = t.testdir()
    const env = settingsOf(server, 'service')
    const store = await openStore(t, server, 'service/')
    const service = await startService(t, folder, env)
    const ada = await signUp(service)
    const first = (await ada.upload()).body.avatar
    const picture = await fetch(service.origin + first)
    t.equal(picture.headers.get('content-type'), 'image/jpeg')
    const bytes = Buffer.from(await picture.arrayBuffer())
    t.ok((await store.read(nameOf(first) as MediaKey))?.equals(bytes))
    const part = await fetch(service.origin + first, { headers: { range: 'bytes=2-9' } })
    t.equal(part.status, 206)
    t.ok(bytes.subarray(2, 10).equals(Buffer.from(await part.arrayBuffer())))
    const etag = String(picture.headers.get('etag'))
    t.equal((await fetch(service.origin + first, { headers: { 'if-none-match': etag } })).status, 304)
    t.equal(
      (await fetch(service.origin + first.replace('.jpg', '@64.webp'))).headers.get('content-type'),
      'image/webp'
    )
    t.equal((await keysOf(store)).length, 2)
    const second = (await ada.upload()).body.avatar
    t.strictSame(await keysOf(store), [nameOf(second)])
    t.equal((await fetch(service.origin + first)).status, 404)

    const stray = await store.put({ bytes: Buffer.from('x'), format: 'jpg' })
    await store.delete(nameOf(second) as MediaKey)
    const doctor = (...args: string[]) =>
      run(folder, { env, args: ['doctor', '--json', '--grace', '0', ...args] }).ended
    const looked = await doctor()
    t.equal(looked.code, 1, looked.stderr)
    const found = looked.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    t.match(found, [
      { found: 'missing', file: nameOf(second) },
      { found: 'stray', file: stray, bytes: 1 },
      { found: 'summary' }
    ])
    t.equal((await doctor('--fix', '--force')).code, 0)
    t.strictSame(await keysOf(store), [])
    t.equal((await ada.update({})).body.avatar, null)
    t.equal((await service.stop()).code, 0)
  })

  t.test('presigned URLs are good for the server itself', async (t) => {
    const store = await openStore(t, server, 'signed/', {
      delivery: { kind: 'presigned', lifetimeSeconds: 600 }
    })
    const bytes = await jpeg()
    for (const key of ['a b+c%2Fd.jpg', `${'0'.repeat(32)}@64.webp`] as MediaKey[]) {
      await store.putUnder(key, bytes)
      const { url } = (await store.locate?.(key, { type: 'image/jpeg', storedType: undefined })) ?? {}
      const answer = await fetch(String(url))
      t.equal(answer.status, 200, key)
      t.equal(answer.headers.get('content-type'), 'image/jpeg')
      t.ok(bytes.equals(Buffer.from(await answer.arrayBuffer())))
    }
  })

  t.test(
    'a bucket that is not there, and a key that is not known, stop the start by the setting’s name',
    async (t) => {
      const env = settingsOf(server, '')
      const other = await run(t.testdir(), { env: { ...env, MEDIA_STORE: 's3://another-bucket' } }).ended
      t.not(other.code, 0)
      t.match(other.stderr, /MEDIA_STORE: the server has no bucket "another-bucket"/)
      // Moto believes everybody.
      if (server.name === 'moto') return
      const secret = 'wrong-secret-0123456789'
      const refused = await run(t.testdir(), { env: { ...env, AWS_SECRET_ACCESS_KEY: secret } }).ended
      t.not(refused.code, 0)
      t.match(refused.stderr, /MEDIA_STORE: the server refuses to list the bucket "pictures"/)
      t.notMatch(refused.stderr + refused.stdout, secret)
    }
  )
}

// Versitygw writes what replaces a file under a longer name first.
t.test('versitygw', async (t) => testServer(t, await startVersitygw(t), { longest: 150 }))
t.test('moto', async (t) => testServer(t, await startMoto(t), {}))

t.test(
  'with the server away JSON goes on and uploads get 503; afterwards all goes on, and nothing is left over',
  async (t) => {
    const server = await startVersitygw(t)
    const store = await openStore(t, server, 'away/')
    const service = await startService(t, t.testdir(), settingsOf(server, 'away'))
    const ada = await signUp(service)
    const { avatar } = (await ada.upload()).body
    await server.stop()
    t.match(await ada.upload(), { status: 503, retryAfter: '1' })
    t.match(await ada.update({ first_name: 'Ada' }), { status: 200, body: { first_name: 'Ada', avatar } })
    t.equal((await fetch(`${service.origin}/health/ready`)).status, 200)
    t.equal((await fetch(service.origin + avatar)).status, 503)
    await server.start()
    await eventually('uploads are taken again', async () => (await ada.upload()).status === 200)
    t.strictSame(await keysOf(store), [nameOf((await ada.update({})).body.avatar)])
    t.match(service.stdout(), /ECONNREFUSED/)
    t.notMatch(service.stdout() + service.stderr(), server.secretAccessKey)
  }
)

t.test(
  'the HTTP contract holds',
  { skip: !existsSync(CONTRACT) && 'the contract is not beside this checkout' },
  async (t) => {
    const server = await startVersitygw(t)
    const service = await startService(t, t.testdir(), {
      ...settingsOf(server, 'http'),
      JWT_SECRET: SECRET,
      LOG_LEVEL: 'warn'
    })
    const env = { PATH: process.env.PATH, JWT_SECRET: SECRET }
    const { stdout } = await promisify(execFile)(process.execPath, [CONTRACT, service.origin], { env })
    t.match(stdout, /^[1-9]\d* passed, 0 failed$/m)
  }
)
