import sharp from 'sharp'
import type { Pixels } from './scene.ts'

/** An encoded picture's pixels; of an animation those of all frames, each below the one before. */
export async function decode(picture: Buffer): Promise<Pixels> {
  const image = sharp(picture, { pages: -1 }).toColourspace('srgb').ensureAlpha().raw()
  const { data, info } = await image.toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, rgba: data }
}

/** The frames of an animation, one by one. */
export async function decodeFrames(picture: Buffer): Promise<Pixels[]> {
  const { pages = 1 } = await sharp(picture).metadata()
  const { width, height, rgba } = await decode(picture)
  const bytes = rgba.length / pages
  return Array.from({ length: pages }, (_, page) => ({
    width,
    height: height / pages,
    rgba: rgba.subarray(page * bytes, (page + 1) * bytes)
  }))
}

/**
 * How far two pictures of one size are apart, on average over all channels of all pixels: 0 to 255. What is see-through
 * counts by as much as it is seen: encoders are free to change colours that nobody sees.
 */
export function difference(one: Pixels, other: Pixels): number {
  if (one.width !== other.width || one.height !== other.height) return 255
  let sum = 0
  for (let at = 0; at < one.rgba.length; at += 4) {
    for (const channel of [0, 1, 2])
      sum += Math.abs(seen(one.rgba, at, channel) - seen(other.rgba, at, channel))
    sum += Math.abs((one.rgba[at + 3] ?? 0) - (other.rgba[at + 3] ?? 0))
  }
  return sum / one.rgba.length
}

const seen = (rgba: Buffer, at: number, channel: number) =>
  ((rgba[at + channel] ?? 0) * (rgba[at + 3] ?? 0)) / 255
