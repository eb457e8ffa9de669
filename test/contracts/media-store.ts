import type { Test } from 'tap'
import type { MediaStore, Picture, StoredFile } from '../../src/avatars/media-store.ts'

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
}
