import { randomBytes } from 'node:crypto'
import { rename, rm, statfs } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { variantNames } from '../../avatars/media-names.ts'
import type { MediaKey, MediaStore } from '../../avatars/media-store.ts'
import { makeFolder } from '../../make-folder.ts'
import type { Picture } from '../../pictures/picture-format.ts'
import { translateDiskError, translatingErrors } from './disk-errors.ts'
import { listFiles } from './list-files.ts'
import { readRegularFile } from './read-regular-file.ts'
import { copySynced, syncFolder, writeSynced } from './synced-files.ts'

export interface DiskOptions {
  /** The folder that holds the pictures themselves; made where missing. */
  folder: string
}

export interface DiskMediaStore extends MediaStore {
  putUnder(key: MediaKey, bytes: Uint8Array): Promise<void>

  /**
   * Takes over a copy of a file under a key of `media-paths.ts`. Of what it was given, nothing is lost to a power cut once
   * `sync` has resolved.
   * @param source links in its folders are followed, one in its last place is not
   * @returns `present` where a file of its size has that name: it is left as it is, but counts as new, lest a sweep take it
   * before its row is written. `missing` where there is no such regular file
   */
  adopt(source: string, key: MediaKey): Promise<'copied' | 'present' | 'missing'>

  /** Makes the names of the files that were adopted survive a power cut. */
  sync(): Promise<void>
}

/**
 * `MediaStore` in one folder. A picture is written under a temporary name, synced, renamed, and the folder
 * synced: under its own name there is never a half-written one, and one that was acknowledged survives power loss.
 */
export async function createDiskMediaStore({ folder }: DiskOptions): Promise<DiskMediaStore> {
  makeFolder(folder)
  const remove = (key: MediaKey) => rm(pathOf(folder, key), { force: true })

  /** Under a temporary name first, so that nobody ever sees half of it. */
  async function place(key: MediaKey, write: (temporary: string) => Promise<void>): Promise<void> {
    const temporary = join(folder, `.${randomBytes(16).toString('hex')}.tmp`)
    try {
      await write(temporary)
      await rename(temporary, pathOf(folder, key))
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {})
      throw error
    }
  }

  return {
    folder: resolve(folder),

    put: ({ bytes, format }: Picture) =>
      translatingErrors(async () => {
        const key = `${randomBytes(16).toString('hex')}.${format}` as MediaKey
        await place(key, (temporary) => writeSynced(temporary, bytes))
        try {
          await syncFolder(folder)
        } catch (error) {
          // Nobody will ever hear of this key.
          await remove(key).catch(() => {})
          throw error
        }
        return key
      }),

    putUnder: (key, bytes) =>
      translatingErrors(async () => {
        await place(key, (temporary) => writeSynced(temporary, bytes))
        await syncFolder(folder)
      }),

    putVariant: (name, bytes) =>
      translatingErrors(() => place(name, (temporary) => writeSynced(temporary, bytes))),

    adopt: (source, key) =>
      translatingErrors(async () => {
        const size = await readRegularFile(source, async (file) => (await file.stat()).size)
        if (size === undefined) return 'missing'
        if (await renewIfPresent(pathOf(folder, key), size)) return 'present'
        await place(key, (temporary) => copySynced(source, temporary))
        return 'copied'
      }),

    sync: () => translatingErrors(() => syncFolder(folder)),

    read: (key) => translatingErrors(() => readRegularFile(pathOf(folder, key), (file) => file.readFile())),

    has: (key) =>
      translatingErrors(async () => {
        if (!isFileName(key)) return false
        return (await readRegularFile(pathOf(folder, key), async () => true)) ?? false
      }),

    delete: (key) =>
      translatingErrors(async () => {
        // The picture first: who is just making a variant of it looks for it again afterwards.
        await remove(key)
        await Promise.all(variantNames(key).map(remove))
      }),

    freeBytes: () =>
      translatingErrors(async () => {
        const { bavail, bsize } = await statfs(folder)
        return bavail * bsize
      }),

    async *list() {
      try {
        for await (const { name, ...file } of listFiles(folder)) yield { key: name as MediaKey, ...file }
      } catch (error) {
        throw translateDiskError(error)
      }
    }
  }
}

const isFileName = (key: string) => !/[/\\\0]/.test(key) && key !== '' && key !== '.' && key !== '..'

/** Keys are ours, but one read from a database that somebody edited must not lead out of the folder either. */
function pathOf(folder: string, key: MediaKey): string {
  if (!isFileName(key)) throw new Error('a media key names no file of the store')
  return join(folder, key)
}

/** Whether a regular file of this size is there already; then its times are set to now. */
async function renewIfPresent(path: string, bytes: number): Promise<boolean> {
  const renewed = await readRegularFile(path, async (file) => {
    if ((await file.stat()).size !== bytes) return false
    const now = new Date()
    await file.utimes(now, now)
    return true
  })
  return renewed ?? false
}
