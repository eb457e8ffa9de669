import sharp, { type Metadata, type Sharp } from 'sharp'
import { isWholeGif } from './gif-blocks.ts'
import { inputFormat, takenFormats } from './input-formats.ts'
import { InvalidPictureError, invalidPicture } from './invalid-picture.ts'
import { type Picture, type PictureFormat, pictureKind } from './picture-format.ts'
import { hidesLargeMetadata, pixelsOnly } from './png-chunks.ts'

export interface AvatarLimits {
  /**
   * Width times height of the picture as it comes; checked from its header, before it is decoded. Of an AVIF half of it:
   * its decoder needs twice the memory of any other.
   */
  maxPixels: number
  /** Frames of an animation, GIF or WebP. One with more is refused. */
  maxFrames: number
  /** Width times height times frames up to which an animation stays one; of a larger one the first frame is kept. */
  maxAnimationPixels: number
  /** The stored picture fits inside a square of this many pixels a side. Smaller ones are never enlarged. */
  maxSide: number
}

/** How a picture is read and stored. */
interface Plan {
  format: PictureFormat
  animated: boolean
}

/**
 * Makes the picture that is stored from the bytes of a file that somebody sent: judged by its bytes and a full decode,
 * turned upright, fitted inside the limits, in sRGB, without metadata, re-encoded in the same family of formats; an
 * animation as an animated WebP. Takes bytes, because libvips keeps a file open in its cache that it was given by path.
 * @throws {InvalidPictureError}
 */
export async function prepareAvatar(bytes: Buffer, limits: AvatarLimits): Promise<Picture> {
  const kind = pictureKind(bytes)
  if (!kind) throw invalidPicture.unreadable()
  const input = inputFormat(kind)
  if (!input) throw invalidPicture.unsupported(takenFormats)
  if (kind === 'png' && hidesLargeMetadata(bytes)) throw invalidPicture.unreadable()
  if (kind === 'gif' && !isWholeGif(bytes)) throw invalidPicture.unreadable()
  try {
    // The header alone, whatever size it claims; what comes of it is judged before anything is decoded.
    const header = await sharp(bytes, { limitInputPixels: false }).metadata()
    if (header.format !== input.format) throw invalidPicture.unreadable()
    const maxPixels = Math.floor(limits.maxPixels / (input.weight ?? 1))
    const { format, animated } = judgeHeader(header, { ...limits, maxPixels }, input.storedAs)
    // `failOn: error` refuses damaged and cut-off pictures, but not those with harmless oddities.
    const image = sharp(bytes, {
      failOn: 'error',
      limitInputPixels: false,
      ...(animated && { pages: -1 })
    })
    // An animation is one tall picture here, whose frames a turn would bring out of their order.
    const fitted = (animated ? image : image.autoOrient())
      .resize(limits.maxSide, limits.maxSide, { fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
    const encoded = await encode(fitted, format, animated).toBuffer()
    return { bytes: format === 'png' ? pixelsOnly(encoded) : encoded, format }
  } catch (error) {
    throw error instanceof InvalidPictureError ? error : invalidPicture.unreadable(error)
  }
}

function judgeHeader(
  { width, height, pages = 1, format }: Metadata,
  limits: AvatarLimits,
  storedAs: PictureFormat
): Plan {
  if (width * height > limits.maxPixels) throw invalidPicture.tooManyPixels(limits.maxPixels)
  // Of the other formats, pages are pictures of their own.
  const frames = format === 'gif' || format === 'webp' ? pages : 1
  if (frames > limits.maxFrames) throw invalidPicture.tooManyFrames(limits.maxFrames)
  return { format: storedAs, animated: frames > 1 && width * height * frames <= limits.maxAnimationPixels }
}

function encode(image: Sharp, format: PictureFormat, animated: boolean): Sharp {
  switch (format) {
    case 'jpg':
      return image.jpeg({ quality: 85, progressive: true })
    case 'png':
      return image.png({ compressionLevel: 9 })
    case 'webp':
      // Each frame costs what a picture does: less effort for a tenth more bytes.
      return animated ? image.webp({ quality: 80, effort: 2 }) : image.webp({ quality: 85 })
  }
}
