import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { mediaKeyFromPath } from '../src/avatars/media-paths.ts'
import type { MediaKey } from '../src/avatars/media-store.ts'
import { createDiskMediaStore } from '../src/stores/disk/disk-media-store.ts'

/** Takes pictures over into a service's folder as an import does: from files of their paths in another folder. */
export async function adoptPictures(folder: string, pictures: Record<string, Buffer>): Promise<MediaKey[]> {
  const store = await createDiskMediaStore({ folder: join(folder, 'media/avatars') })
  const keys: MediaKey[] = []
  for (const [path, bytes] of Object.entries(pictures)) {
    const source = join(folder, 'elsewhere', path)
    mkdirSync(dirname(source), { recursive: true })
    writeFileSync(source, bytes)
    const key = mediaKeyFromPath(path)
    if (key === undefined || (await store.adopt(source, key)) !== 'copied')
      throw new Error(`not taken: ${path}`)
    keys.push(key)
  }
  return keys
}
