import { type PictureKind, pictureKind } from './picture-format.ts'

const MEDIA_TYPES: Partial<Record<PictureKind, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  avif: 'image/avif',
  bmp: 'image/bmp',
  tiff: 'image/tiff',
  heic: 'image/heic'
}

/**
 * The media type of a picture that browsers may be shown, by how its bytes begin; undefined for everything else.
 * @param head the first `SIGNATURE_BYTES` or more
 */
export function mediaType(head: Uint8Array): string | undefined {
  const kind = pictureKind(head)
  return kind && MEDIA_TYPES[kind]
}
