import type { Log } from '../log.ts'
import type { Decoders } from '../pictures/decoders.ts'
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
  /** Deletes a picture that no row refers to. Never fails: what is left over, the sweep removes. */
  discard(key: MediaKey): Promise<void>
}

export function createAvatars({
  media,
  decoders,
  limits,
  log
}: {
  media: MediaStore
  decoders: Decoders
  limits: AvatarLimits
  log: Log
}): Avatars {
  return {
    prepare: (file) => decoders.prepareAvatar(file.path, limits),
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
