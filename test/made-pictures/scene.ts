import sharp, { type Sharp } from 'sharp'

/** Pixels row by row, each as red, green, blue and opacity, 8 bits each. */
export interface Pixels {
  width: number
  height: number
  rgba: Buffer
}

type Colour = [red: number, green: number, blue: number]

export function paint(
  width: number,
  height: number,
  colourAt: (x: number, y: number) => readonly number[]
): Pixels {
  const rgba = Buffer.alloc(width * height * 4)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [red = 0, green = 0, blue = 0, opacity = 255] = colourAt(x, y)
      rgba.set([red, green, blue, opacity], (y * width + x) * 4)
    }
  }
  return { width, height, rgba }
}

/** Soft enough that lossy formats keep it, and different at every place, so that any turn or shift shows. */
function sceneColour(x: number, y: number): Colour {
  const inDisc = Math.hypot(x - 0.3, y - 0.35) < 0.2
  const base = [230 * x, 230 * y, 120 + 100 * Math.sin(5 * x) * y]
  const [red = 0, green = 0, blue = 0] = inDisc ? base.map((value) => 255 - value) : base
  return [Math.round(red), Math.round(green), Math.round(blue)]
}

/** A colour scene without transparency. */
export const scene = (width = 96, height = 64): Pixels =>
  paint(width, height, (x, y) => sceneColour(x / width, y / height))

/** The same, more and more transparent from the left to the right. */
export const glassScene = (width = 96, height = 64): Pixels =>
  paint(width, height, (x, y) => {
    const [red, green, blue] = sceneColour(x / width, y / height)
    return [red, green, blue, Math.round(255 - (200 * x) / width)]
  })

/** The same in greys. */
export const greyScene = (width = 96, height = 64): Pixels =>
  paint(width, height, (x, y) => {
    const [red, green, blue] = sceneColour(x / width, y / height)
    const grey = Math.round((red + green + blue) / 3)
    return [grey, grey, grey]
  })

/** One plain colour. */
export const plain = (width: number, height: number, colour: readonly number[]): Pixels =>
  paint(width, height, () => colour)

/** The pixels as sharp takes them: with their opacity only where one of them is not opaque. */
export function toSharp({ width, height, rgba }: Pixels): Sharp {
  const image = sharp(rgba, { raw: { width, height, channels: 4 } })
  return isOpaque(rgba) ? image.removeAlpha() : image
}

/** The frames of an animation, as sharp takes them. */
export async function toAnimation(frames: Pixels[]): Promise<Sharp> {
  const pages = await Promise.all(frames.map((frame) => toSharp(frame).png().toBuffer()))
  return sharp(pages, { join: { animated: true } })
}

function isOpaque(rgba: Buffer): boolean {
  for (let at = 3; at < rgba.length; at += 4) if (rgba[at] !== 255) return false
  return true
}
