import { randomBytes } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { inParallel } from '../../in-parallel.ts'
import { makeFolder } from '../../make-folder.ts'
import { copyHashed, type FileDigest, hashFile } from '../../stores/disk/hashed-files.ts'
import { readRegularFile } from '../../stores/disk/read-regular-file.ts'
import { syncFolder } from '../../stores/disk/synced-files.ts'
import type { FileEntry } from '../backup/manifest.ts'
import { Refusal } from '../command.ts'
import { printable } from '../printable.ts'
import type { ListedFiles } from './listed-files.ts'

interface Place {
  /** The backup's folder. */
  from: string
  /** The service's folder of pictures. */
  to: string
  listed: ListedFiles
  signal: AbortSignal
  onPlaced(): void
}

const AT_ONCE = 4

/** Copies a file of a backup, and looks once more whether it is what the manifest says. */
export async function copyListed(
  folder: string,
  entry: FileEntry,
  to: string,
  options: { mode: number; signal: AbortSignal }
): Promise<void> {
  const digest = await readRegularFile(join(folder, entry.name), (file) => copyHashed(file, to, options))
  if (digest && isSame(digest, entry)) return
  throw new Refusal(`${printable(entry.name)} was changed while it was restored.`)
}

const isSame = (one: FileDigest, other: FileDigest) =>
  one.bytes === other.bytes && one.sha256 === other.sha256

/**
 * Puts the pictures beside those that are there: their names are random, so none is in another's way. Once this resolves,
 * they survive a power cut.
 */
export async function placePictures({ from, to, listed, signal, onPlaced }: Place): Promise<void> {
  makeFolder(to)
  await inParallel(listed.pictures(), AT_ONCE, async (entry) => {
    const path = join(to, basename(entry.name))
    const present = await readRegularFile(path, (file) => hashFile(file, signal))
    if (!present || !isSame(present, entry)) {
      const temporary = join(to, `.${randomBytes(16).toString('hex')}.tmp`)
      try {
        await copyListed(from, entry, temporary, { mode: 0o644, signal })
        await rename(temporary, path)
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      }
    }
    if (!present) listed.notePlaced(entry.name)
    onPlaced()
  })
  await syncFolder(to)
}

/** Takes away the pictures that were not there before. */
export async function removePlaced({ to, listed }: Pick<Place, 'to' | 'listed'>): Promise<void> {
  for (const name of listed.placed()) await rm(join(to, basename(name)), { force: true })
}
