import { chmod, mkdir, readdir, realpath, rm, statfs } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { errorCode } from '../../error-code.ts'
import { makeFolder } from '../../make-folder.ts'
import { syncFolder } from '../../stores/disk/synced-files.ts'
import { Refusal } from '../command.ts'
import { printable } from '../printable.ts'
import { PICTURES } from './manifest.ts'

/** A folder that a backup is made in. */
export interface BackupFolder {
  path: string
  /** The folder of pictures in it. */
  pictures: string
  /** Makes the names in both survive a power cut. */
  sync(): Promise<void>
  /** @throws {Refusal} where the disk has no room for so much, and some for others */
  requireRoom(bytes: number): Promise<void>
  removePictures(names: readonly string[]): Promise<void>
  /** Takes away all that was put there, and the folder itself where it was made. */
  remove(): Promise<void>
}

/** So much has to be left: the service may be on the same disk. */
const SPARE_BYTES = 33_554_432

/**
 * Makes the folder, or takes an empty one; it is its owner's alone.
 * @param mediaRoot whose files everybody may read
 * @throws {Refusal} where there is something else
 */
export async function claimFolder(path: string, mediaRoot: string): Promise<BackupFolder> {
  const isNew = await makePrivate(path)
  try {
    if (await isWithin(path, mediaRoot))
      throw new Refusal(`${printable(path)} is in MEDIA_ROOT, whose files everybody may read.`)
    if ((await readdir(path)).length > 0) throw notEmpty(path)
    // One that was there may be for others to read.
    await chmod(path, 0o700)
    await claim(join(path, PICTURES))
  } catch (error) {
    if (isNew) await rm(path, { recursive: true, force: true })
    throw error
  }
  return openFolder(path, isNew)
}

/** Of two backups into one folder, one makes it. */
async function claim(pictures: string): Promise<void> {
  try {
    await mkdir(pictures, { mode: 0o700 })
  } catch (error) {
    throw errorCode(error) === 'EEXIST' ? notEmpty(pictures) : error
  }
}

const notEmpty = (path: string) => new Refusal(`${printable(path)} is not empty: name a new folder.`)

/** @returns whether it was not there yet */
async function makePrivate(path: string): Promise<boolean> {
  try {
    if (makeFolder(path, 0o700)) return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST' || errorCode(error) === 'ENOTDIR')
      throw new Refusal(`${printable(path)} is no folder: name a new one.`)
    throw error
  }
  return false
}

function openFolder(path: string, isNew: boolean): BackupFolder {
  const pictures = join(path, PICTURES)
  return {
    path,
    pictures,
    async sync() {
      await syncFolder(pictures)
      await syncFolder(path)
    },
    async requireRoom(bytes) {
      const { bavail, bsize } = await statfs(path)
      if (bavail * bsize >= bytes + SPARE_BYTES) return
      throw new Refusal(`There is no room for it on the disk of ${printable(path)}.`, 2)
    },
    async removePictures(names) {
      for (const name of names) await rm(join(pictures, name))
    },
    async remove() {
      if (isNew) return rm(path, { recursive: true, force: true })
      for (const name of await readdir(path)) await rm(join(path, name), { recursive: true, force: true })
    }
  }
}

async function isWithin(path: string, folder: string): Promise<boolean> {
  const outer = await realpath(folder).catch(() => undefined)
  if (outer === undefined) return false
  const inner = relative(outer, await realpath(path))
  return inner === '' || !(inner === '..' || inner.startsWith(`..${sep}`))
}
