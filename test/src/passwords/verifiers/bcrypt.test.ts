import { createRequire } from 'node:module'
import t from 'tap'
import { createBoundedQueue } from '../../../../src/bounded-queue.ts'
import { createPasswordHasher } from '../../../../src/passwords/password-hasher.ts'
import { TEMPLATE_PASSWORD, TEMPLATES, vectors } from '../django-vectors.ts'

const hasher = createPasswordHasher(createBoundedQueue({ concurrency: 2, maxWaiting: 100 }))
const loaded = () =>
  Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('/bcrypt/'))

t.test('bcrypt is loaded when its first hash is met', async (t) => {
  await hasher.verify(TEMPLATE_PASSWORD, TEMPLATES.pbkdf2_sha256())
  t.equal(loaded(), false)
  t.equal(await hasher.verify(TEMPLATE_PASSWORD, TEMPLATES.bcrypt()), true)
  t.equal(loaded(), true)
})

t.test('plain bcrypt judges a password by its first 72 bytes, as Django did', async (t) => {
  const { password, encoded } = vectors.seventyTwoBytes
  const verify = (password: string) => hasher.verify(password, encoded)
  t.equal(Buffer.byteLength(password), 72)
  t.equal(await verify(password), true)
  t.equal(await verify(`${password} and more`), true)
  t.equal(await verify(password.slice(0, -1)), false)
  t.equal(await verify(`${password.slice(0, -1)}x and more`), false)
})

t.test('plain bcrypt matches no password with a NUL, which it would take for another', async (t) => {
  const encoded = TEMPLATES.bcrypt()
  for (const suffix of ['\0', `\0${TEMPLATE_PASSWORD}`, '\0x']) {
    t.equal(await hasher.verify(TEMPLATE_PASSWORD + suffix, encoded), false, JSON.stringify(suffix))
  }
})
