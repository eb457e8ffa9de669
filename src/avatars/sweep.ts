import type { Clock } from '../clock.ts'
import type { UserStore } from '../users/user-store.ts'
import type { MediaStore } from './media-store.ts'
import { findStrays } from './strays.ts'

/**
 * Deletes the files that no user refers to, once they are older than the grace.
 * @param signal ends it between two files
 * @returns how many files were deleted
 */
export async function sweepMedia({
  media,
  users,
  graceMs,
  clock,
  signal
}: {
  media: MediaStore
  users: UserStore
  graceMs: number
  clock: Clock
  signal: AbortSignal
}): Promise<number> {
  const oldEnough = clock.now() - graceMs
  let deleted = 0
  for await (const { key, modifiedAt } of findStrays({ media, users, signal })) {
    if (modifiedAt > oldEnough) continue
    await media.delete(key)
    deleted++
  }
  return deleted
}
