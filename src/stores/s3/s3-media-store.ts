import type { MediaStore } from '../../avatars/media-store.ts'
import type { S3Setting } from '../../store-settings.ts'

/** `MediaStore` over a bucket. */
export async function createS3MediaStore(_options: S3Setting): Promise<MediaStore> {
  throw new Error('not there yet')
}
