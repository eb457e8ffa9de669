import sharp from 'sharp'
import { glassScene, greyScene, scene, toAnimation } from '../made-pictures/scene.ts'

const plain = (width: number, height: number, channels: 3 | 4 = 3) =>
  sharp({ create: { width, height, channels, background: { r: 90, g: 120, b: 200, alpha: 0.5 } } })

/**
 * Pictures that are as large as the default limits let them be, in the ways that cost their decoders most: whole in
 * memory because of their order of pixels, two bytes a sample, four samples a pixel.
 */
export async function heavyPictures(): Promise<[name: string, bytes: Buffer][]> {
  const side = 7000
  const turns = [scene(512, 508), greyScene(512, 508), glassScene(512, 508)]
  const animation = await toAnimation(Array.from({ length: 95 }, (_, index) => turns[index % 3] ?? scene()))
  return [
    [
      'PNG, RGBA, 16 bits, interlaced',
      await plain(side, side, 4)
        .toColourspace('rgb16')
        .png({ progressive: true, compressionLevel: 1 })
        .toBuffer()
    ],
    [
      'JPEG, progressive, 4:4:4',
      await plain(side, side).jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer()
    ],
    ['WebP, lossless, with alpha', await plain(side, side, 4).webp({ lossless: true, effort: 0 }).toBuffer()],
    [
      'AVIF, 12 bits, 4:4:4, with alpha',
      await plain(5000, 5000, 4).avif({ effort: 0, bitdepth: 12, chromaSubsampling: '4:4:4' }).toBuffer()
    ],
    ['GIF', await plain(side, side).gif({ effort: 1 }).toBuffer()],
    [
      'TIFF, RGBA, 16 bits',
      await plain(side, side, 4).toColourspace('rgb16').tiff({ compression: 'deflate' }).toBuffer()
    ],
    ['GIF of 95 frames', await animation.clone().gif({ effort: 1 }).toBuffer()],
    ['WebP of 95 frames', await animation.clone().webp({ effort: 0 }).toBuffer()]
  ]
}
