import type { Test } from 'tap'
import { variantName } from '../../src/avatars/media-names.ts'
import type { MediaKey, MediaStore, StoredFile } from '../../src/avatars/media-store.ts'
import type { Picture } from '../../src/pictures/picture-format.ts'

const picture = (text: string): Picture => ({ bytes: Buffer.from(text), format: 'png' })

async function all(store: MediaStore): Promise<StoredFile[]> {
  const files: StoredFile[] = []
  for await (const file of store.list()) files.push(file)
  return files
}

/** What every `MediaStore` promises. `open` answers an empty one. */
export function mediaStoreContract(t: Test, open: (t: Test) => Promise<MediaStore>): void {
  t.test('each picture gets a key of its own, with its format’s ending', async (t) => {
    const store = await open(t)
    const keys = await Promise.all([store.put(picture('a')), store.put(picture('a'))])
    t.not(keys[0], keys[1])
    for (const key of keys) t.match(key, /^[0-9a-f]{32}\.png$/)
    const files = await all(store)
    t.strictSame(files.map(({ key }) => key).sort(), [...keys].sort())
    t.ok(files.every(({ modifiedAt }) => Math.abs(modifiedAt - Date.now()) < 60_000))
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
}
