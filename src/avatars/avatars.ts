import type { BoundedQueue } from '../bounded-queue.ts'
import type { Log } from '../log.ts'
import { createFileBuffers } from '../pictures/file-buffers.ts'
import type { Picture } from '../pictures/picture-format.ts'
import type { AvatarLimits } from '../pictures/prepare-avatar.ts'
import type { MediaKey, MediaStore } from './media-store.ts'
import type { UploadedFile } from './uploaded-file.ts'

export interface Avatars {
  /**
   * Decodes and re-encodes an uploaded file, a few at a time.
   * @throws {InvalidPictureError}
   * @throws `unavailable` (503) where too many wait already
   */
  prepare(file: UploadedFile): Promise<Picture>
  keep(picture: Picture): Promise<MediaKey>
  /** Deletes a file that no row refers to. Never fails: what is left over, the sweep removes. */
  discard(key: MediaKey): Promise<void>
}

export function createAvatars({
  media,
  queue,
  limits,
  log
}: {
  media: MediaStore
  queue: BoundedQueue
  limits: AvatarLimits
  log: Log
}): Avatars {
  const buffers = createFileBuffers(queue.concurrency)
  return {
    prepare: (file) =>
      queue.run(async () => {
        // Loaded when the first picture comes: the decoders take a tenth of a second to load, which no start waits for.
        const { prepareAvatar } = await import('../pictures/prepare-avatar.ts')
        return buffers.read(file.path, (bytes) => prepareAvatar(bytes, limits))
      }),
    keep: (picture) => media.put(picture),
    async discard(key) {
      try {
        await media.delete(key)
      } catch (error) {
        log.warn({ err: error, key }, 'an avatar could not be deleted; the sweep will try again')
      }
    }
  }
}
