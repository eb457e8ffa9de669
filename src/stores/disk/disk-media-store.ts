import { randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { variantNames } from '../../avatars/media-names.ts'
import type { MediaKey, MediaStore } from '../../avatars/media-store.ts'
import type { Picture } from '../../pictures/picture-format.ts'
import { translateDiskError, translatingErrors } from './disk-errors.ts'
import { listFiles } from './list-files.ts'
import { readRegularFile } from './read-regular-file.ts'

export interface DiskOptions {
  /** The folder that holds the pictures themselves; made where missing. */
  folder: string
}

/**
 * `MediaStore` in one folder. A picture is written under a temporary name, synced, renamed, and the folder
 * synced: under its own name there is never a half-written one, and one that was acknowledged survives power loss.
 */
export async function createDiskMediaStore({ folder }: DiskOptions): Promise<MediaStore> {
  await mkdir(folder, { recursive: true })
  const remove = (key: MediaKey) => rm(pathOf(folder, key), { force: true })

  /** Under a temporary name first, so that nobody ever sees half of it. */
  async function write(key: MediaKey, bytes: Uint8Array): Promise<void> {
    const temporary = join(folder, `.${randomBytes(16).toString('hex')}.tmp`)
    try {
      await writeSynced(temporary, bytes)
      await rename(temporary, pathOf(folder, key))
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {})
      throw error
    }
  }

  return {
    put: ({ bytes, format }: Picture) =>
      translatingErrors(async () => {
        const key = `${randomBytes(16).toString('hex')}.${format}` as MediaKey
        await write(key, bytes)
        await syncFolder(folder)
        return key
      }),

    putVariant: (name, bytes) => translatingErrors(() => write(name, bytes)),

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

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o644)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A rename is durable only once its folder is; see fsync(2). Windows can't open folders, and needs no such sync. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  let handle: FileHandle | undefined
  try {
    handle = await open(folder, 'r')
    await handle.sync()
  } finally {
    await handle?.close()
  }
}
