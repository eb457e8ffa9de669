import { constants } from 'node:fs'
import { chmod, copyFile, type FileHandle, open } from 'node:fs/promises'

/** Makes a new file of these bytes. Once this resolves, they survive a power cut; its name does once its folder is synced. */
export async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o644)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/**
 * The same with another file's bytes, of now and for everybody to read, whatever the other is. File systems that can share
 * the bytes between both do (ioctl_ficlone(2)); on the rest the system copies them, piece by piece.
 */
export async function copySynced(source: string, path: string): Promise<void> {
  await copyFile(source, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
  await chmod(path, 0o644)
  const file = await open(path, 'r+')
  try {
    const now = new Date()
    await file.utimes(now, now)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A rename is durable only once its folder is; see fsync(2). Windows can't open folders, and needs no such sync. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  let handle: FileHandle | undefined
  try {
    handle = await open(folder, 'r')
    await handle.sync()
  } finally {
    await handle?.close()
  }
}
