import type { ProfileStore } from '../users/user-store.ts'
import { picturesOf } from './media-names.ts'
import type { MediaStore, StoredFile } from './media-store.ts'

interface Stores {
  media: MediaStore
  users: ProfileStore
}

interface CheckedFile extends StoredFile {
  /** Whether a user refers to it, or to the picture that it is a square of. */
  inUse: boolean
}

const BATCH = 500

/**
 * The stored files that no user refers to, in no order: pictures, squares whose picture no user has, half-written files.
 * A young one may still get its user, because an upload writes its file before its row.
 * @param signal ends it between two files
 */
export async function* findStrays({ media, users, signal }: Stores & { signal?: AbortSignal }) {
  for await (const { inUse, ...file } of checkFiles({ media, users })) {
    if (signal?.aborted) return
    if (!inUse) yield file
  }
}

/** So few files may all be left by crashes. */
const SUSPICIOUS = 10

/**
 * Whether there are many files and none of them is any user's: then it is more likely that the database is not theirs, or a
 * new one, than that all of them may go. Mostly the first file tells.
 */
export async function noneIsInUse(stores: Stores): Promise<boolean> {
  let files = 0
  for await (const { inUse } of checkFiles(stores)) {
    if (inUse) return false
    files++
  }
  return files >= SUSPICIOUS
}

async function* checkFiles({ media, users }: Stores): AsyncIterable<CheckedFile> {
  let batch: StoredFile[] = []
  for await (const file of media.list()) {
    batch.push(file)
    if (batch.length < BATCH) continue
    yield* await check(batch, users)
    batch = []
  }
  yield* await check(batch, users)
}

async function check(files: StoredFile[], users: ProfileStore): Promise<CheckedFile[]> {
  const pictures = files.map(({ key }) => picturesOf(key))
  const referenced = await users.findReferencedMedia(pictures.flat())
  return files.map((file, index) => ({
    ...file,
    inUse: pictures[index]?.some((key) => referenced.has(key)) ?? false
  }))
}
