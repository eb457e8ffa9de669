import type { Clock } from '../clock.ts'
import type { UserStore } from '../users/user-store.ts'
import type { MediaKey, MediaStore } from './media-store.ts'

const BATCH = 500

/**
 * Deletes the files that no user refers to, once they are older than the grace: an upload writes its file before
 * its row, so a young stray may still get one.
 * @param signal ends it between two batches
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
  let candidates: MediaKey[] = []

  async function deleteStrays(): Promise<void> {
    const referenced = await users.findReferencedMedia(candidates)
    for (const key of candidates) {
      if (referenced.has(key)) continue
      await media.delete(key)
      deleted++
    }
    candidates = []
  }

  for await (const { key, modifiedAt } of media.list()) {
    if (signal.aborted) return deleted
    if (modifiedAt > oldEnough) continue
    candidates.push(key)
    if (candidates.length === BATCH) await deleteStrays()
  }
  await deleteStrays()
  return deleted
}
