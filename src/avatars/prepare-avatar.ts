import { readFile } from 'node:fs/promises'
import sharp, { type Metadata, type Sharp } from 'sharp'
import type { Picture } from './media-store.ts'
import { looksLikePicture, type PictureFormat, storedFormat } from './picture-format.ts'

export interface AvatarLimits {
  /** Width times height of the picture as it comes; checked from its header, before it is decoded. */
  maxPixels: number
  /** The stored picture fits inside a square of this many pixels a side. Smaller ones are never enlarged. */
  maxSide: number
}

/** The bytes are no picture, not a whole one, or too large a one; `sentence` says so to their sender. */
export class InvalidPictureError extends Error {
  readonly sentence: string

  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options)
    this.name = 'InvalidPictureError'
    this.sentence = sentence
  }
}

const NOT_A_PICTURE =
  'Upload a valid image. The file you uploaded was either not an image or a corrupted image.'

/**
 * Makes the picture that is stored from a file that somebody sent: judged by its bytes and a full decode, turned
 * upright, fitted inside the limits, in sRGB, without metadata, re-encoded in the same family of formats.
 * @throws {InvalidPictureError}
 */
export async function prepareAvatar(path: string, limits: AvatarLimits): Promise<Picture> {
  // Read into memory: given a path, libvips keeps the file open in its cache.
  const bytes = await readFile(path)
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
