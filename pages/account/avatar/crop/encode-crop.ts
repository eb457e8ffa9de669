import { type Crop, type Size, sideOf } from './crop.ts'
import { drawCrop } from './draw-crop.ts'

interface Limits {
  maxBytes: number
  /** Pixels of the side that the service keeps. */
  maxSide: number
}

/** What is more than the service keeps lets it scale well; beyond this, it only takes time. */
const ENOUGH_PIXELS = 1024

/** A picture without loss is sent so up to here: drawings and logos stay crisp, photos become JPEG. */
const LOSSLESS_BYTES = 1_048_576

const JPEG_QUALITY = 0.9

/** Half the side until it fits, down to here. */
const MIN_SIDE = 16

/**
 * The square as a file: JPEG, or PNG or WebP where something shows through or the picture was without loss.
 * @param type of the file that the picture is of
 */
export async function encodeCrop(
  picture: CanvasImageSource,
  size: Size,
  crop: Crop,
  type: string,
  { maxBytes, maxSide }: Limits
): Promise<Blob> {
  const most = Math.min(2 * maxSide, Math.max(ENOUGH_PIXELS, maxSide))
  let side = Math.max(1, Math.round(Math.min(most, sideOf(size, crop))))
  for (;;) {
    const blob = await encodeAt(side, Math.min(LOSSLESS_BYTES, maxBytes))
    if (blob.size <= maxBytes || side <= MIN_SIDE) return blob
    side = Math.ceil(side / 2)
  }

  async function encodeAt(side: number, losslessBytes: number): Promise<Blob> {
    const canvas = document.createElement('canvas')
    canvas.width = side
    canvas.height = side
    const context = drawCrop(canvas, picture, size, crop)
    if (type === 'image/jpeg') return toBlob(canvas, 'image/jpeg')
    const lossless = await toBlob(canvas, 'image/png')
    if (lossless.size <= losslessBytes) return lossless
    // Safari writes no WebP, but PNG in its place.
    return toBlob(canvas, showsThrough(context, side) ? 'image/webp' : 'image/jpeg')
  }
}

function showsThrough(context: CanvasRenderingContext2D, side: number): boolean {
  const { data } = context.getImageData(0, 0, side, side)
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 255) return true
  return false
}

const toBlob = (canvas: HTMLCanvasElement, type: string) =>
  new Promise<Blob>((resolve, reject) => {
    const done = (blob: Blob | null) =>
      blob ? resolve(blob) : reject(new Error('the picture can’t be drawn'))
    canvas.toBlob(done, type, JPEG_QUALITY)
  })
