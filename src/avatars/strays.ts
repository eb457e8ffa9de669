import type { UserStore } from '../users/user-store.ts'
import { picturesOf } from './media-names.ts'
import type { MediaStore, StoredFile } from './media-store.ts'

const BATCH = 500

/**
 * The stored files that no user refers to, in no order: pictures, squares whose picture no user has, half-written files.
 * A young one may still get its user, because an upload writes its file before its row.
 */
export async function* findStrays({
  media,
  users,
  signal
}: {
  media: MediaStore
  users: UserStore
  /** Ends it between two files. */
  signal?: AbortSignal
}): AsyncIterable<StoredFile> {
  let batch: StoredFile[] = []
  for await (const file of media.list()) {
    if (signal?.aborted) return
    batch.push(file)
    if (batch.length < BATCH) continue
    yield* await withoutUser(batch, users)
    batch = []
  }
  yield* await withoutUser(batch, users)
}

async function withoutUser(files: StoredFile[], users: UserStore): Promise<StoredFile[]> {
  const referenced = await users.findReferencedMedia(files.flatMap(({ key }) => picturesOf(key)))
  return files.filter(({ key }) => !picturesOf(key).some((picture) => referenced.has(picture)))
}
