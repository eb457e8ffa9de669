import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { isMediaKey } from '../../avatars/media-paths.ts'
import { inParallel } from '../../in-parallel.ts'
import { copyHashed } from '../../stores/disk/hashed-files.ts'
import { openRegularFile, readRegularFile } from '../../stores/disk/read-regular-file.ts'
import type { BackupSource } from '../../stores/sqlite/backup-source.ts'
import { Refusal } from '../command.ts'
import type { BackupFolder } from './backup-folder.ts'

interface Work {
  source: BackupSource
  /** The folder of the service's pictures. */
  from: string
  to: BackupFolder
  signal: AbortSignal
  /** Told of each that is copied, by its bytes. */
  onCopied(bytes: number): void
}

/** An open file stays readable, though its name is taken away. */
interface Pinned {
  name: string
  file: FileHandle
}

const BATCH = 500
const AT_ONCE = 4
/** So few new ones in a pass say that the next is short enough to keep others from writing. */
const FEW = 32
/** Open files at once. */
const MAX_PINNED = 400
const MAX_ROUNDS = 10
const MODE = 0o600

/**
 * Copies the pictures that rows name at one instant, and leaves the database's view of that instant open. First those that
 * rows name now, while the service goes on; what is new since is opened while nobody can write, and copied after that. A
 * picture that is replaced is deleted after the commit of its successor: at the instant all that rows name are there.
 * @returns the instant, in epoch milliseconds
 * @throws {Refusal}
 */
export async function copyPictures(work: Work): Promise<number> {
  const { source, signal } = work
  for (let round = 0; round < MAX_ROUNDS; round++) {
    while ((await copyNamedNow(work)) > FEW) signal.throwIfAborted()
    if (!(await source.freeze(signal)))
      throw new Refusal('Another process kept the database locked; nothing is left of the backup.', 2)
    const { takenAt, pinned } = await pinNew(work)
    if (pinned) {
      await copyPinned(pinned, work)
      await removeSuperfluous(work)
      return takenAt
    }
    source.closeView()
  }
  throw new Refusal('Pictures change faster than they can be copied; nothing is left of the backup.', 2)
}

/** @returns how many were copied; those that are missing are not */
async function copyNamedNow({ source, from, to, signal, onCopied }: Work): Promise<number> {
  let copied = 0
  for (let names = source.listUncopied('', BATCH); names.length > 0; ) {
    await to.requireRoom(0)
    await inParallel(names, AT_ONCE, async (name) => {
      if (!isMediaKey(name)) return
      const digest = await readRegularFile(join(from, name), (file) =>
        copyHashed(file, join(to.pictures, name), { mode: MODE, signal })
      )
      // It may have been replaced just now.
      if (!digest) return
      source.noteCopied({ name, ...digest })
      onCopied(digest.bytes)
      copied++
    })
    names = source.listUncopied(names.at(-1) ?? '', BATCH)
  }
  return copied
}

/** Opens what is not copied yet, while nobody writes. Of too many nothing stays open. */
async function pinNew({ source, from }: Work): Promise<{ takenAt: number; pinned: Pinned[] | undefined }> {
  const takenAt = Date.now()
  const pinned: Pinned[] = []
  try {
    for (let names = source.listUncopied('', BATCH); names.length > 0; ) {
      for (const name of names) {
        const file = isMediaKey(name) ? await openRegularFile(join(from, name)) : undefined
        if (file) pinned.push({ name, file })
        if (pinned.length > MAX_PINNED) {
          await closeAll(pinned)
          return { takenAt, pinned: undefined }
        }
      }
      names = source.listUncopied(names.at(-1) ?? '', BATCH)
    }
    return { takenAt, pinned }
  } catch (error) {
    await closeAll(pinned)
    throw error
  } finally {
    source.thaw()
  }
}

async function copyPinned(pinned: Pinned[], { source, to, signal, onCopied }: Work): Promise<void> {
  try {
    await inParallel(pinned, AT_ONCE, async ({ name, file }) => {
      const digest = await copyHashed(file, join(to.pictures, name), { mode: MODE, signal })
      source.noteCopied({ name, ...digest })
      onCopied(digest.bytes)
    })
  } finally {
    await closeAll(pinned)
  }
}

const closeAll = (pinned: Pinned[]) => Promise.all(pinned.map(({ file }) => file.close()))

/** Those that were replaced while the others were copied. */
async function removeSuperfluous({ source, to, signal }: Work): Promise<void> {
  for (let names = source.takeSuperfluous(BATCH); names.length > 0; names = source.takeSuperfluous(BATCH)) {
    signal.throwIfAborted()
    await to.removePictures(names)
  }
}
