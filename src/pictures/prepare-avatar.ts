import sharp, { type Metadata, type Sharp } from 'sharp'
import { InvalidPictureError } from './invalid-picture.ts'
import { looksLikePicture, type Picture, type PictureFormat, storedFormat } from './picture-format.ts'

export interface AvatarLimits {
  /** Width times height of the picture as it comes; checked from its header, before it is decoded. */
  maxPixels: number
  /** The stored picture fits inside a square of this many pixels a side. Smaller ones are never enlarged. */
  maxSide: number
}

const NOT_A_PICTURE =
  'Upload a valid image. The file you uploaded was either not an image or a corrupted image.'

/**
 * Makes the picture that is stored from the bytes of a file that somebody sent (bytes, because libvips keeps a file open
 * in its cache that it was given by path): judged by its bytes and a full decode, turned
 * upright, fitted inside the limits, in sRGB, without metadata, re-encoded in the same family of formats.
 * @throws {InvalidPictureError}
 */
export async function prepareAvatar(bytes: Buffer, limits: AvatarLimits): Promise<Picture> {
  if (!looksLikePicture(bytes)) throw new InvalidPictureError(NOT_A_PICTURE)
  try {
    // The header alone, whatever size it claims; what comes of it is judged before anything is decoded.
    const format = judgeHeader(await sharp(bytes, { limitInputPixels: false }).metadata(), limits)
    // `failOn: error` refuses damaged and cut-off pictures, but not those with harmless oddities.
    const fitted = sharp(bytes, { failOn: 'error', limitInputPixels: limits.maxPixels })
      .autoOrient()
      .resize(limits.maxSide, limits.maxSide, { fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
    return { bytes: await encode(fitted, format).toBuffer(), format }
  } catch (error) {
    if (error instanceof InvalidPictureError) throw error
    throw new InvalidPictureError(NOT_A_PICTURE, { cause: error })
  }
}

function judgeHeader({ format, width, height }: Metadata, limits: AvatarLimits): PictureFormat {
  const stored = storedFormat(format)
  if (!stored) throw new InvalidPictureError(NOT_A_PICTURE)
  if (width * height > limits.maxPixels) throw tooManyPixels(limits)
  return stored
}

function encode(image: Sharp, format: PictureFormat): Sharp {
  switch (format) {
    case 'jpg':
      return image.jpeg({ quality: 85, progressive: true })
    case 'png':
      return image.png({ compressionLevel: 9 })
    case 'webp':
      return image.webp({ quality: 85 })
  }
}

const tooManyPixels = ({ maxPixels }: AvatarLimits) =>
  new InvalidPictureError(`Ensure the image has no more than ${maxPixels} pixels.`)
