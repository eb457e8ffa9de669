import sharp, { type Sharp } from 'sharp'

/** Red over blue on the left, green over white on the right: any turn or mirroring shows. */
export async function quarters(side = 64): Promise<Sharp> {
  const half = side / 2
  const tile = (background: string) => ({
    create: { width: half, height: half, channels: 3 as const, background }
  })
  const drawn = sharp({ create: { width: side, height: side, channels: 3, background: 'white' } }).composite([
    { input: tile('#ff0000'), left: 0, top: 0 },
    { input: tile('#0000ff'), left: 0, top: half },
    { input: tile('#00ff00'), left: half, top: 0 }
  ])
  // Drawn before anything else is asked of it: sharp would turn and scale first, and compose last.
  return sharp(await drawn.png().toBuffer())
}

export const jpeg = async () => (await quarters()).jpeg({ quality: 95 }).toBuffer()
export const png = async () => (await quarters()).png().toBuffer()

/** Noise compresses badly, so that a picture has the weight that it is asked for. */
export async function noise(width: number, height: number): Promise<Sharp> {
  return sharp({
    create: {
      width,
      height,
      channels: 3,
      background: 'grey',
      noise: { type: 'gaussian', mean: 128, sigma: 60 }
    }
  })
}

export const MAKER = 'TestCamera 3000'

/** A JPEG as phones write it: lying on its side, with an orientation, a maker and a place. */
export function phonePhoto(image: Sharp, orientation: number): Sharp {
  return image
    .withExif({
      IFD0: { Make: MAKER, Orientation: String(orientation) },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '4/1 36/1 0/1',
        GPSLongitudeRef: 'W',
        GPSLongitude: '74/1 4/1 0/1'
      }
    })
    .withMetadata({ orientation })
    .jpeg({ quality: 92 })
}
