import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import t from 'tap'
import type { MediaKey } from '../../../../src/avatars/media-store.ts'
import { translateDiskError } from '../../../../src/stores/disk/disk-errors.ts'
import { createDiskMediaStore } from '../../../../src/stores/disk/disk-media-store.ts'
import { mediaStoreContract } from '../../../contracts/media-store.ts'

const openEmpty = async (t: { testdir(): string }) =>
  createDiskMediaStore({ folder: `${t.testdir()}/avatars` })

t.test('the contract', async (t) => mediaStoreContract(t, openEmpty))

t.test('the file holds the bytes, and is no program', async (t) => {
  const folder = t.testdir()
  const store = await createDiskMediaStore({ folder })
  const key = await store.put({ bytes: Buffer.from('bytes'), format: 'jpg' })
  t.equal(readFileSync(`${folder}/${key}`, 'utf8'), 'bytes')
  t.equal(statSync(`${folder}/${key}`).mode & 0o111, 0)
})

t.test('a picture is synced, named, and its folder synced, in this order', async (t) => {
  const folder = t.testdir()
  const store = await createDiskMediaStore({ folder })
  const handle = await open(folder)
  const prototype = Object.getPrototypeOf(handle)
  await handle.close()
  const { sync } = prototype
  const named: number[] = []
  t.intercept(prototype, 'sync', {
    async value(this: FileHandle) {
      named.push(readdirSync(folder).filter((name) => name.endsWith('.jpg')).length)
      return sync.call(this)
    }
  })
  await store.put({ bytes: Buffer.from('x'), format: 'jpg' })
  t.strictSame(named, [0, 1], 'one sync before the file has its name, one after')
})

t.test('a half-written file is listed, so that the sweep finds it', async (t) => {
  const folder = t.testdir()
  const store = await createDiskMediaStore({ folder })
  writeFileSync(`${folder}/.0123.tmp`, 'half')
  const keys: string[] = []
  for await (const { key } of store.list()) keys.push(key)
  t.strictSame(keys, ['.0123.tmp'])
})

t.test('a key never leads out of the folder', async (t) => {
  const folder = t.testdir({ avatars: {}, 'precious.txt': 'kept' })
  const store = await createDiskMediaStore({ folder: `${folder}/avatars` })
  for (const key of ['../precious.txt', '..', '.', 'a/../../precious.txt', 'a\0b', '..\\precious.txt']) {
    await t.rejects(store.delete(key as MediaKey))
  }
  t.equal(readFileSync(`${folder}/precious.txt`, 'utf8'), 'kept')
})

t.test('a folder that went away is a store that is away', async (t) => {
  const folder = t.testdir({ avatars: {} })
  const store = await createDiskMediaStore({ folder: `${folder}/avatars` })
  rmSync(`${folder}/avatars`, { recursive: true })
  const away = { code: 'unavailable', status: 503 }
  await t.rejects(store.put({ bytes: Buffer.from('x'), format: 'jpg' }), away)
  await t.rejects(store.list()[Symbol.asyncIterator]().next(), away)
})

t.test('a full disk has an answer of its own', async (t) => {
  const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
  t.match(translateDiskError(full), { code: 'storage_full', status: 507 })
  const other = new Error('a fault')
  t.equal(translateDiskError(other), other)
})
