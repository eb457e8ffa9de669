import { randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import type { Test } from 'tap'
import { variantName } from '../../src/avatars/media-names.ts'
import { mediaKeyFromPath } from '../../src/avatars/media-paths.ts'
import type { MediaKey, MediaStore, OpenedFile, StoredFile } from '../../src/avatars/media-store.ts'
import type { Picture } from '../../src/pictures/picture-format.ts'

const picture = (text: string): Picture => ({ bytes: Buffer.from(text), format: 'png' })

async function all(store: MediaStore): Promise<StoredFile[]> {
  const files: StoredFile[] = []
  for await (const file of store.list()) files.push(file)
  return files
}

/**
 * What every `MediaStore` promises. `open` answers an empty one.
 * @param longest bytes of a name that may be given to other bytes; servers that keep files write them under a longer one first
 */
export function mediaStoreContract(
  t: Test,
  open: (t: Test) => Promise<MediaStore>,
  { longest = 255 }: { longest?: number } = {}
): void {
  t.test('each picture gets a key of its own, with its format’s ending', async (t) => {
    const store = await open(t)
    const keys = await Promise.all([store.put(picture('a')), store.put(picture('a'))])
    t.not(keys[0], keys[1])
    for (const key of keys) t.match(key, /^[0-9a-f]{32}\.png$/)
    const files = await all(store)
    t.strictSame(files.map(({ key }) => key).sort(), [...keys].sort())
    t.ok(files.every(({ modifiedAt }) => Math.abs(modifiedAt - Date.now()) < 60_000))
  })

  t.test('where it is known how much room is left, it is a number of bytes', async (t) => {
    const store = await open(t)
    const free = await store.freeBytes?.()
    t.equal(free !== undefined, store.folder !== undefined, 'of a disk it is known')
    t.ok(free === undefined || (Number.isInteger(free) && free > 0))
  })

  t.test('a deleted picture is gone, and deleting it again is no error', async (t) => {
    const store = await open(t)
    const key = await store.put(picture('a'))
    await store.delete(key)
    await store.delete(key)
    t.strictSame(await all(store), [])
  })

  t.test('a stored picture is read back as it was; one that is not there is no error', async (t) => {
    const store = await open(t)
    const key = await store.put(picture('a'))
    t.strictSame(await store.read(key), Buffer.from('a'))
    t.equal(await store.has(key), true)
    const missing = key.replace('.png', '.jpg') as MediaKey
    t.equal(await store.read(missing), undefined)
    t.equal(await store.has(missing), false)
    for (const name of ['avatars/a.png', '', '.', '..', 'a\0b'])
      t.equal(await store.has(name as MediaKey), false, JSON.stringify(name))
  })

  t.test('variants lie beside their picture, and go with it alone', async (t) => {
    const store = await open(t)
    const [one, other] = await Promise.all([store.put(picture('a')), store.put(picture('b'))])
    const name = (key: MediaKey, side: 32 | 256) => variantName(key, side) ?? key
    await store.putVariant(name(one, 32), Buffer.from('first'))
    await store.putVariant(name(one, 32), Buffer.from('small'))
    await store.putVariant(name(one, 256), Buffer.from('large'))
    await store.putVariant(name(other, 32), Buffer.from('other'))
    t.strictSame(await store.read(name(one, 32)), Buffer.from('small'), 'the last one wins')
    t.equal((await all(store)).length, 5)
    await store.delete(name(one, 256))
    t.equal(await store.has(name(one, 256)), false)
    t.equal(await store.has(one), true)
    await store.delete(one)
    t.strictSame((await all(store)).map(({ key }) => key).sort(), [other, name(other, 32)].sort())
  })

  t.test('files are listed with their sizes', async (t) => {
    const store = await open(t)
    const key = await store.put(picture('four'))
    t.match(await all(store), [{ key, bytes: 4 }])
  })

  t.test('a picture from another store has there the key that it had, whatever is in it', async (t) => {
    const store = await open(t)
    for (const path of PATHS) {
      const key = keyOf(path)
      if (Buffer.byteLength(key) <= longest) await store.putUnder?.(key, Buffer.from('first'))
      await store.putUnder?.(key, Buffer.from('moved'))
      t.match(await all(store), [{ key, bytes: 5 }], path)
      t.equal(await store.has(key), true)
      t.strictSame(await store.read(key), Buffer.from('moved'))
      await store.delete(key)
      t.equal(await store.has(key), false)
      t.equal(await store.read(key), undefined)
    }
    t.strictSame(await all(store), [])
    const own = await store.put(picture('a'))
    await store.putUnder?.(own, Buffer.from('b'))
    t.strictSame(await store.read(own), Buffer.from('b'))
    for (const key of ['../a.png', '..', '.', '', 'a/b.png', 'a\\b.png', 'a\0b']) {
      await t.rejects(
        store.putUnder?.(key as MediaKey, Buffer.from('x')) ?? Promise.reject(),
        JSON.stringify(key)
      )
      await t.rejects(store.delete(key as MediaKey), JSON.stringify(key))
    }
    t.strictSame(
      (await all(store)).map(({ key }) => key),
      [own]
    )
  })

  t.test('an empty file and a large one are kept to the byte', async (t) => {
    const store = await open(t)
    const large = randomBytes(3_000_001)
    for (const bytes of [Buffer.alloc(0), large]) {
      const key = await store.put({ bytes, format: 'webp' })
      t.ok((await store.read(key))?.equals(bytes))
      t.equal((await all(store)).find((file) => file.key === key)?.bytes, bytes.length)
    }
  })

  t.test('where files are opened, all of one or a part of it comes, with what it is known by', async (t) => {
    const store = await open(t)
    if (!store.open) return t.pass('its files are no streams')
    for (const length of [0, 10, 300_000, 3_000_001]) {
      const bytes = randomBytes(length)
      const key = await store.put({ bytes, format: 'jpg' })
      const whole = await store.open(key)
      t.match(whole, { bytes: length, etag: /^"[^"]+"$/, type: 'application/octet-stream' })
      t.ok(Math.abs(Number(whole?.modifiedAt) - Date.now()) < 60_000)
      t.ok((await drained(whole)).equals(bytes))
      for (const [start, end] of [
        [0, 63],
        [5, 9],
        [length - 1, length - 1],
        [0, 290_000]
      ] as const) {
        if (start < 0 || (start > 0 && start >= length)) continue
        const opened = await store.open(key, { part: { start, end } })
        t.equal(opened?.bytes, length, `${start}-${end} of ${length}`)
        t.equal(opened?.etag, whole?.etag)
        t.ok((await drained(opened)).equals(bytes.subarray(start, end + 1)), `${start}-${end} of ${length}`)
      }
    }
    const missing = `${'0'.repeat(32)}.jpg` as MediaKey
    t.equal(await store.open(missing), undefined)
    t.equal(await store.open(missing, { part: { start: 0, end: 9 } }), undefined)
    const gone = await store
      .open((await all(store))[0]?.key ?? missing, { signal: AbortSignal.abort() })
      .catch((error) => error)
    t.match(gone, { code: 'unavailable' }, 'nobody waits for it')
  })

  t.test('stores that can be asked whether they are there say so', async (t) => {
    const store = await open(t)
    t.equal(await store.check?.(), undefined)
  })
}

/** Of pictures from elsewhere: spaces, escapes, all that URLs and XML have a use for, and the longest name that there is. */
const PATHS = [
  'avatars/a (1).jpg',
  'avatars/plus+and&amp;<tag>"\'=?#;,:@$!*~^`|{}[].png',
  'avatars/100% %41 %2e.png',
  'users/7/añ+😀 日本.jpg',
  'users/100%/x.png',
  `avatars/${'n'.repeat(251)}.png`,
  `avatars/${'é'.repeat(125)}.webp`
]

function keyOf(path: string): MediaKey {
  const key = mediaKeyFromPath(path)
  if (key === undefined) throw new Error(`no key for ${path}`)
  return key
}

async function drained(opened: OpenedFile | undefined): Promise<Buffer> {
  if (!opened) throw new Error('nothing was opened')
  return Buffer.isBuffer(opened.body) ? opened.body : buffer(opened.body)
}
