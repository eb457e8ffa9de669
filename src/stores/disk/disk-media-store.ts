import { randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { MediaKey, MediaStore, Picture } from '../../avatars/media-store.ts'
import { translateDiskError } from './disk-errors.ts'
import { listFiles } from './list-files.ts'

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
  return {
    async put({ bytes, format }: Picture) {
      const name = randomBytes(16).toString('hex')
      const key = `${name}.${format}` as MediaKey
      const temporary = join(folder, `.${name}.tmp`)
      try {
        await writeSynced(temporary, bytes)
        await rename(temporary, join(folder, key))
        await syncFolder(folder)
        return key
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => {})
        throw translateDiskError(error)
      }
    },

    async delete(key) {
      try {
        await rm(pathOf(folder, key), { force: true })
      } catch (error) {
        throw translateDiskError(error)
      }
    },

    async *list() {
      try {
        for await (const { name, modifiedAt } of listFiles(folder))
          yield { key: name as MediaKey, modifiedAt }
      } catch (error) {
        throw translateDiskError(error)
      }
    }
  }
}

/** Keys are ours, but one read from a database that somebody edited must not lead out of the folder either. */
function pathOf(folder: string, key: MediaKey): string {
  if (/[/\\\0]/.test(key) || key === '.' || key === '..')
    throw new Error('a media key names no file of the store')
  return join(folder, key)
}

async function writeSynced(path: string, bytes: Buffer): Promise<void> {
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
