import sharp from 'sharp'
import { invalidPicture } from './invalid-picture.ts'

/** No stored picture has more: twice over, for those that were stored under another setting. */
const MAX_PIXELS = 2 * 2048 * 2048

/**
 * Cuts a square out of a stored picture, where most of what people look at is, and scales it down: as WebP, of an
 * animation the first frame. A picture that is smaller than the square is not enlarged; what comes of it is as large
 * as it can be, and still a square.
 * @param side in pixels
 * @throws {InvalidPictureError}
 */
export async function prepareSquare(bytes: Buffer, side: number): Promise<Buffer> {
  try {
    const image = sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PIXELS })
    const { width, height } = await image.metadata()
    const square = Math.min(side, width, height)
    return await image
      .resize(square, square, { fit: 'cover', position: sharp.strategy.attention })
      .toColourspace('srgb')
      .webp({ quality: 80 })
      .toBuffer()
  } catch (error) {
    throw invalidPicture.unreadable(error)
  }
}
