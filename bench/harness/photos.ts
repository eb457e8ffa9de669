import sharp from 'sharp'

/**
 * A made picture with the weight of a photograph: soft shapes that compress well under grain that does not. The quality
 * is chosen so that the file has about the size that is asked for.
 * @param bytes met within a tenth, where JPEG's qualities allow it
 */
export async function makePhoto(width: number, height: number, bytes: number): Promise<Buffer> {
  const grain = { create: { width, height, channels: 3 as const, background: 'grey' } }
  const scene = await sharp({
    create: { ...grain.create, noise: { type: 'gaussian', mean: 128, sigma: 40 } }
  })
    .blur(1.1)
    .raw()
    .toBuffer({ resolveWithObject: true })
  const encode = (quality: number) =>
    sharp(scene.data, { raw: { width, height, channels: scene.info.channels } })
      .jpeg({ quality })
      .toBuffer()
  let [low, high] = [1, 100]
  let photo = await encode(high)
  while (low < high) {
    const quality = Math.floor((low + high) / 2)
    photo = await encode(quality)
    if (Math.abs(photo.length - bytes) < bytes / 10) break
    if (photo.length < bytes) low = quality + 1
    else high = quality
  }
  return photo
}
