import { createHash } from 'node:crypto'
import { isMediaKey } from '../avatars/media-paths.ts'
import type { MediaKey, MediaStore } from '../avatars/media-store.ts'
import { inParallel } from '../in-parallel.ts'
import type { KeyList } from './key-list.ts'
import { MigrationRefused } from './migration-refused.ts'

export interface PictureCounts {
  /** In the target, each equal to the byte. */
  moved: number
  bytes: number
  /** Of them, those that were there before. */
  present: number
  /** Rows name them, and the source has no such picture. */
  missing: number
  /** Some of those. */
  missingNames: readonly string[]
  /** Where nothing is moved: not in the target, or other bytes; and some of those. */
  differing: number
  differingNames: readonly string[]
}

export interface PictureMover {
  /** Moves what is named and was not moved before. */
  move(names: AsyncIterable<string[]>, signal: AbortSignal): Promise<void>
  counts(): PictureCounts
}

interface Options {
  from: MediaStore
  to: MediaStore
  /** Of those that are moved, which later passes leave alone. */
  moved: KeyList
  /** Compares what both have, and moves nothing. */
  verifyOnly?: boolean
  onPicture(count: number): void
}

const AT_ONCE = 8
const MAX_NAMED = 100
/** Where so many are missing and not one is there, another folder is meant, or it is not mounted. */
const ENOUGH = 10

/**
 * Copies pictures from store to store. Each is read back and compared with what was read; so is each that is there already.
 * Their squares stay behind: they are made anew.
 */
export function createPictureMover({
  from,
  to,
  moved,
  verifyOnly = false,
  onPicture
}: Options): PictureMover {
  const counts = { moved: 0, bytes: 0, present: 0 }
  let missing: string[] = []
  let missed = 0
  const differingNames: string[] = []
  let differing = 0

  async function moveOne(name: string): Promise<void> {
    if (moved.has(name)) return
    const bytes = isMediaKey(name) ? await from.read(name) : undefined
    if (!bytes || !isMediaKey(name)) {
      missed++
      if (missing.length < MAX_NAMED) missing.push(name)
      return
    }
    const isPresent = isSame(bytes, await to.read(name))
    if (!isPresent && verifyOnly) {
      differing++
      if (differingNames.length < MAX_NAMED) differingNames.push(name)
      return
    }
    if (!isPresent) await write(name, bytes)
    moved.add(name)
    counts.moved++
    counts.bytes += bytes.length
    if (isPresent) counts.present++
    onPicture(counts.moved)
  }

  async function write(key: MediaKey, bytes: Buffer): Promise<void> {
    if (!to.putUnder) throw new Error('the store takes no pictures from elsewhere')
    await to.putUnder(key, bytes)
    if (isSame(bytes, await to.read(key))) return
    throw new MigrationRefused(`The picture ${key} reads otherwise than it was written.`, { exitCode: 2 })
  }

  return {
    async move(names, signal) {
      // Of an earlier pass, what was replaced meanwhile is not missing.
      missing = []
      missed = 0
      for await (const some of names) {
        await inParallel(some, AT_ONCE, async (name) => {
          signal.throwIfAborted()
          await moveOne(name)
        })
      }
      if (counts.moved === 0 && missed >= ENOUGH)
        throw new MigrationRefused(
          `None of ${missed} pictures is where they should be: is it the right place?`
        )
    },
    counts: () => ({ ...counts, missing: missed, missingNames: missing, differing, differingNames })
  }
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

function isSame(bytes: Buffer, other: Buffer | undefined): boolean {
  return other !== undefined && other.length === bytes.length && sha256(other) === sha256(bytes)
}
