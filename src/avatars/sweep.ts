import type { Clock } from '../clock.ts'
import type { ProfileStore } from '../users/user-store.ts'
import type { MediaStore } from './media-store.ts'
import { findStrays, noneIsInUse } from './strays.ts'

/** There are many files and none is a user's: nothing was deleted. */
export class ForeignMediaError extends Error {
  constructor() {
    super('none of the pictures is any user’s: are they those of this database? None was deleted')
    this.name = 'ForeignMediaError'
  }
}

/**
 * Deletes the files that no user refers to, once they are older than the grace.
 * @param signal ends it between two files
 * @returns how many files were deleted
 * @throws {ForeignMediaError}
 */
export async function sweepMedia({
  media,
  users,
  graceMs,
  clock,
  signal
}: {
  media: MediaStore
  users: ProfileStore
  graceMs: number
  clock: Clock
  signal: AbortSignal
}): Promise<number> {
  if (await noneIsInUse({ media, users })) throw new ForeignMediaError()
  const oldEnough = clock.now() - graceMs
  let deleted = 0
  for await (const { key, modifiedAt } of findStrays({ media, users, signal })) {
    if (modifiedAt > oldEnough) continue
    await media.delete(key)
    deleted++
  }
  return deleted
}
