import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { mediaKeyFromPath } from '../../../../src/avatars/media-paths.ts'
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

/** How many pictures have their names when anything is synced: a number for each sync from now on. */
async function countNamedAtSyncs(t: Test, folder: string): Promise<number[]> {
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
  return named
}

t.test('a picture is synced, named, and its folder synced, in this order', async (t) => {
  const folder = t.testdir()
  const store = await createDiskMediaStore({ folder })
  const named = await countNamedAtSyncs(t, folder)
  await store.put({ bytes: Buffer.from('x'), format: 'jpg' })
  t.strictSame(named, [0, 1], 'one sync before the file has its name, one after')
})

t.test('a picture from another store is kept as safely, and replaced whole', async (t) => {
  const folder = t.testdir()
  const store = await createDiskMediaStore({ folder })
  const named = await countNamedAtSyncs(t, folder)
  await store.putUnder(keyOf('avatars/a.jpg'), Buffer.from('x'))
  t.strictSame(named, [0, 1])
  await store.putUnder(keyOf('avatars/a.jpg'), Buffer.from('y'))
  t.strictSame(readdirSync(folder), ['a.jpg'])
  t.equal(readFileSync(`${folder}/a.jpg`, 'utf8'), 'y')
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

const POSIX = { skip: process.platform === 'win32' && 'Windows has neither' }

/** A store beside a folder of files from elsewhere. */
async function openBeside(t: Test, files: Record<string, string>) {
  const root = t.testdir({ elsewhere: files })
  const folder = `${root}/avatars`
  const store = await createDiskMediaStore({ folder })
  return { store, folder, source: (name: string) => `${root}/elsewhere/${name}` }
}

function keyOf(path: string): MediaKey {
  const key = mediaKeyFromPath(path)
  if (key === undefined) throw new Error(`no key for ${path}`)
  return key
}

const longAgo = (path: string) => utimesSync(path, 1000, 1000)
const isNew = (path: string) => Math.abs(statSync(path).mtimeMs - Date.now()) < 60_000

t.test('a file from elsewhere is copied under its key, and is like all others from then on', async (t) => {
  const { store, folder, source } = await openBeside(t, { 'a.jpg': 'bytes' })
  chmodSync(source('a.jpg'), 0o700)
  longAgo(source('a.jpg'))
  for (const path of ['avatars/a (1).jpg', 'users/7/añ+😀.jpg', 'a.jpg']) {
    const key = keyOf(path)
    t.equal(await store.adopt(source('a.jpg'), key), 'copied', path)
    t.strictSame(readdirSync(folder), [key])
    t.match(statSync(join(folder, key)), { mode: 0o100644, nlink: 1 })
    t.ok(isNew(join(folder, key)), 'a sweep does not take it before its row is written')
    t.equal(await store.has(key), true)
    t.equal(String(await store.read(key)), 'bytes')
    for await (const file of store.list()) t.match(file, { key, bytes: 5 })
    await store.delete(key)
    await store.delete(key)
    t.equal(await store.has(key), false)
    t.strictSame(readdirSync(folder), [])
  }
  t.equal(readFileSync(source('a.jpg'), 'utf8'), 'bytes')
  t.ok(!isNew(source('a.jpg')), 'what was there before is left alone')
})

t.test('a file that was taken over before stays, and counts as new', async (t) => {
  const { store, folder, source } = await openBeside(t, {
    'a.jpg': 'bytes',
    'b.jpg': 'other',
    'c.jpg': 'longer'
  })
  const key = keyOf('users/a.jpg')
  t.equal(await store.adopt(source('a.jpg'), key), 'copied')
  longAgo(join(folder, key))
  const { ino } = statSync(join(folder, key))
  t.equal(await store.adopt(source('b.jpg'), key), 'present')
  t.equal(statSync(join(folder, key)).ino, ino)
  t.ok(isNew(join(folder, key)))
  t.equal(String(await store.read(key)), 'bytes')
  t.equal(await store.adopt(source('c.jpg'), key), 'copied', 'of another size it is another file')
  t.equal(String(await store.read(key)), 'longer')
  t.strictSame(readdirSync(folder), [key])
})

t.test('a file that lies where it belongs already is left there', async (t) => {
  const folder = t.testdir({ 'a.jpg': 'bytes' })
  const store = await createDiskMediaStore({ folder })
  linkSync(`${folder}/a.jpg`, `${folder}/b.jpg`)
  longAgo(`${folder}/a.jpg`)
  for (const source of ['a.jpg', 'b.jpg'])
    t.equal(await store.adopt(`${folder}/${source}`, keyOf('avatars/a.jpg')), 'present')
  t.equal(readFileSync(`${folder}/a.jpg`, 'utf8'), 'bytes')
  t.ok(isNew(`${folder}/a.jpg`))
  t.strictSame(readdirSync(folder), ['a.jpg', 'b.jpg'])
})

t.test('what is no regular file is missing, and nothing is left of the attempt', POSIX, async (t) => {
  const { store, folder, source } = await openBeside(t, { 'a.jpg': 'bytes' })
  mkdirSync(source('folder'))
  symlinkSync('a.jpg', source('link'))
  execFileSync('mkfifo', [source('pipe')])
  const missing = ['folder', 'link', 'pipe', 'nowhere', 'a.jpg/b.jpg', 'n'.repeat(300)]
  for (const name of missing) t.equal(await store.adopt(source(name), keyOf('a.jpg')), 'missing', name)
  t.equal(await store.adopt('/dev/null', keyOf('a.jpg')), 'missing')
  t.strictSame(readdirSync(folder), [])
})

t.test('a link in a picture’s place is replaced, and not followed', POSIX, async (t) => {
  const { store, folder, source } = await openBeside(t, { 'a.jpg': 'bytes', 'precious.txt': 'gold!' })
  symlinkSync(source('precious.txt'), `${folder}/a.jpg`)
  t.equal(await store.adopt(source('a.jpg'), keyOf('avatars/a.jpg')), 'copied')
  t.equal(readFileSync(source('precious.txt'), 'utf8'), 'gold!')
  t.ok(statSync(`${folder}/a.jpg`).isFile())
  t.equal(String(await store.read(keyOf('avatars/a.jpg'))), 'bytes')
})

t.test('an adopted file is synced before it has its name, the folder once for all of them', async (t) => {
  const { store, folder, source } = await openBeside(t, { 'a.jpg': 'bytes', 'b.jpg': 'bytes' })
  const named = await countNamedAtSyncs(t, folder)
  for (const name of ['a.jpg', 'b.jpg']) await store.adopt(source(name), keyOf(name))
  await store.sync()
  t.strictSame(named, [0, 1, 2])
})

t.test('a store that is away, and a key that leads out of it, are errors of adopting too', async (t) => {
  const { store, folder, source } = await openBeside(t, { 'a.jpg': 'bytes' })
  for (const key of ['../elsewhere/b.jpg', '..', 'a/b'])
    await t.rejects(store.adopt(source('a.jpg'), key as MediaKey), /names no file/)
  t.strictSame(readdirSync(source('')), ['a.jpg'])
  rmSync(folder, { recursive: true })
  const away = { code: 'unavailable', status: 503 }
  await t.rejects(store.adopt(source('a.jpg'), keyOf('a.jpg')), away)
  await t.rejects(store.sync(), away)
})
