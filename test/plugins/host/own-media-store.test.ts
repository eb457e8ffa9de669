import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import t from 'tap'
import userProfile from '../../../plugins/user-profile.ts'
import type { MediaKey, MediaStore } from '../../../src/avatars/media-store.ts'
import { errors } from '../../../src/errors.ts'
import { SECRET } from '../../helper.ts'
import { clientOf, hostApp } from './host-app.ts'

function memoryStore(): MediaStore & { files: Map<MediaKey, Buffer> } {
  const files = new Map<MediaKey, Buffer>()
  return {
    files,
    async put({ bytes, format }) {
      const key = `${'0'.repeat(30)}${10 + files.size}.${format}` as MediaKey
      files.set(key, Buffer.from(bytes))
      return key
    },
    putVariant: async (name, bytes) => void files.set(name, Buffer.from(bytes)),
    read: async (key) => files.get(key),
    has: async (key) => files.has(key),
    async delete(key) {
      const [stem = ''] = key.split('.')
      for (const name of files.keys()) if (name.startsWith(stem)) files.delete(name)
    },
    async *list() {
      for (const [key, { length: bytes }] of files) yield { key, bytes, modifiedAt: Date.now() }
    }
  }
}

const uploadFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('fastify-user-profile-'))

t.test('pictures of a host’s own store are served under the same headers', async (t) => {
  const media = memoryStore()
  const before = uploadFolders()
  const app = hostApp(t)
  await app.register(userProfile, { jwtSecret: SECRET, databasePath: ':memory:', media })
  const { signUp, upload, remove } = clientOf(app, '/api')
  const { id, access } = await signUp()
  const { avatar } = (await upload(id, access)).json()
  const picture = await app.inject(avatar)
  t.strictSame([...media.files.values()][0], picture.rawPayload)
  t.match(picture.headers, {
    'content-type': 'image/jpeg',
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox"
  })
  const etag = String(picture.headers.etag)
  for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const known = await app.inject({ url: avatar, headers: { 'if-none-match': tag } })
    t.equal(known.statusCode, 304, tag)
    t.equal(known.body, '')
  }
  const changed = await app.inject({ url: avatar, headers: { 'if-none-match': '"other"' } })
  t.equal(changed.statusCode, 200)
  const square = await app.inject(avatar.replace('.jpg', '@32.webp'))
  t.equal(square.headers['content-type'], 'image/webp')
  t.equal(media.files.size, 2)
  t.equal((await app.inject('/media/avatars/none.jpg')).statusCode, 404)
  const head = await app.inject({ method: 'HEAD', url: avatar })
  t.equal(head.headers['content-length'], String(picture.rawPayload.length))
  t.equal((await remove(id, access)).statusCode, 204)
  t.equal(media.files.size, 0)
  t.equal(uploadFolders().length, before.length + 1, 'uploads on their way have a folder of their own')
  await app.close()
  t.strictSame(uploadFolders(), before, 'which goes with the app')
})

t.test('a store that is away answers 503, and writes no row', async (t) => {
  const media = memoryStore()
  const app = hostApp(t)
  await app.register(userProfile, { jwtSecret: SECRET, databasePath: ':memory:', media })
  const { signUp, upload, profile } = clientOf(app, '/api')
  const { id, access } = await signUp()
  t.intercept(media, 'put', { value: () => Promise.reject(errors.unavailable(new Error('no route'))) })
  t.intercept(media, 'read', { value: () => Promise.reject(errors.unavailable(new Error('no route'))) })
  const refused = await upload(id, access)
  t.equal(refused.statusCode, 503)
  t.equal(refused.headers['retry-after'], '1')
  t.equal((await profile(access)).json().avatar, null)
  const picture = await app.inject(`/media/avatars/${'0'.repeat(30)}10.jpg`)
  t.equal(picture.statusCode, 503)
  t.equal(picture.headers['cache-control'], 'no-store')
})
