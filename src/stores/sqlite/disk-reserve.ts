import { randomFillSync } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { open, rm, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Room on the disk that is kept for the writes that have to go on when there is no other. */
export interface DiskReserve {
  /** Whether the disk was full, and the room that was kept is not back yet. */
  isShort(): boolean
  /** To be called where the disk is full: gives up the room that was kept. */
  release(): void
  /** Keeps the room again, where the disk has that much. */
  restore(): Promise<void>
  /** Leaves the file where it is, for the next start; one that is being written is written to its end. */
  close(): Promise<void>
}

interface Options {
  /** The database's file; the reserve is a file beside it, `…-reserve`. */
  path: string
  bytes: number
  /** How often it is looked whether there is room again, and how long after the start there is a first time. */
  everyMs: number
}

/** So much has to be left beside the reserve before it is taken: who takes the last byte is in everybody's way. */
const SPARE_BYTES = 1_048_576
const PIECE_BYTES = 262_144

/** The file's name beside a database. */
export const reserveOf = (path: string) => `${path}-reserve`

/**
 * A file that has no other purpose than to be deleted. It is made a while after the start, so that a short command makes
 * none, and again when there is room.
 */
export function openDiskReserve({ path, bytes, everyMs }: Options): DiskReserve {
  const file = reserveOf(path)
  let short = false
  let kept = existsSync(file)
  let restoring: Promise<void> | undefined
  const timer = setInterval(() => void restore(), everyMs).unref()

  async function make(): Promise<void> {
    try {
      const { bavail, bsize } = await statfs(dirname(file))
      if (bavail * bsize < bytes + SPARE_BYTES) return
      // Whose folder is just being removed needs none, and would be left with a file.
      if (!existsSync(path)) return
      await writeNoise(file, bytes)
      kept = true
      short = false
    } catch {
      // Somebody else was faster, or a quota is smaller than the disk.
      await rm(file, { force: true }).catch(() => {})
    }
  }

  function restore(): Promise<void> {
    if (kept) return Promise.resolve()
    restoring ??= make().finally(() => {
      restoring = undefined
    })
    return restoring
  }

  return {
    isShort: () => short,
    release() {
      short = true
      kept = false
      try {
        rmSync(file, { force: true })
      } catch {
        // A disk that can't be written any more has no room to give.
      }
    },
    restore,
    async close() {
      clearInterval(timer)
      await restoring
    }
  }
}

/** Bytes that no file system can leave out or press together. */
async function writeNoise(path: string, bytes: number): Promise<void> {
  const piece = randomFillSync(Buffer.alloc(PIECE_BYTES))
  const file = await open(path, 'w', 0o600)
  try {
    for (let left = bytes; left > 0; left -= PIECE_BYTES)
      await file.write(piece, 0, Math.min(left, PIECE_BYTES))
  } finally {
    await file.close()
  }
}
