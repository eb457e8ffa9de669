import { animationFrames } from '../made-pictures/corpus.ts'
import { glassScene, scene, toAnimation, toSharp } from '../made-pictures/scene.ts'
import { pngHeader } from '../made-pictures/write-png.ts'
import { writeTiff } from '../made-pictures/write-tiff.ts'
import { cutOff, damaged } from './damage.ts'
import { polyglots } from './polyglots.ts'
import { type Random, seeded } from './seeded.ts'

export interface HostileFile {
  /** What is wrong with it. */
  fault: 'cut off' | 'damaged' | 'random' | 'polyglot'
  name: string
  bytes: Buffer
}

/** Whole pictures, from which the others are made. */
export async function carriers(): Promise<Record<string, [Buffer, ...Buffer[]]>> {
  const [image, glass] = [() => toSharp(scene(120, 80)), () => toSharp(glassScene(60, 40))]
  const animation = await toAnimation(animationFrames(40, 30))
  return {
    jpeg: [
      await image()
        .withExif({ IFD0: { Make: 'A maker' } })
        .jpeg()
        .toBuffer(),
      await image().jpeg({ progressive: true }).toBuffer()
    ],
    png: [
      await image().withIccProfile('p3').png().toBuffer(),
      await glass().png({ progressive: true, palette: true }).toBuffer()
    ],
    webp: [
      await image().webp().toBuffer(),
      await glass().webp({ lossless: true }).toBuffer(),
      await animation.clone().webp().toBuffer()
    ],
    avif: [await image().avif().toBuffer(), await glass().avif({ bitdepth: 10 }).toBuffer()],
    gif: [await image().gif().toBuffer(), await animation.clone().gif().toBuffer()],
    tiff: [
      await image().tiff({ compression: 'lzw', predictor: 'horizontal' }).toBuffer(),
      await image().tiff({ compression: 'jpeg', tile: true, tileWidth: 32, tileHeight: 32 }).toBuffer(),
      await glass().tiff({ compression: 'deflate' }).toBuffer(),
      writeTiff([scene(60, 40)], { bigEndian: true })
    ]
  }
}

/** How files of a kind begin, up to where a decoder starts to believe them. */
const SIGNATURES: Record<string, Buffer[]> = {
  jpeg: [Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), Buffer.from('ffd8ffdb', 'hex')],
  png: [
    Buffer.from('89504e470d0a1a0a', 'hex'),
    Buffer.concat([
      Buffer.from('89504e470d0a1a0a', 'hex'),
      pngHeader({ width: 90, height: 60, depth: 8, colour: 'rgb' })
    ])
  ],
  webp: ['VP8 ', 'VP8L', 'VP8X'].map((type) => Buffer.from(`RIFF\0\x10\0\0WEBP${type}\0\x08\0\0`)),
  avif: [
    Buffer.from('\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf'),
    Buffer.from('\0\0\0\x14ftypavis\0\0\0\0avis')
  ],
  gif: [Buffer.from('GIF89a\x20\0\x20\0\xf6\0\0', 'latin1'), Buffer.from('GIF87a')],
  tiff: [Buffer.from('II*\0\x08\0\0\0'), Buffer.from('MM\0*\0\0\0\x08'), Buffer.from('II+\0\x08\0\0\0')]
}

/**
 * Files by which somebody may try to break a decoder, or have something else stored as a picture.
 * @param counts how many of a kind are damaged, and how many are random
 */
export async function hostileFiles(
  seed: number,
  counts: { damaged: number; random: number }
): Promise<Record<string, HostileFile[]>> {
  const others = await polyglots()
  return Object.fromEntries(
    Object.entries(await carriers()).map(([kind, pictures]) => {
      const random = seeded(seed)
      return [
        kind,
        [
          ...pictures.flatMap(cutOffFiles),
          ...Array.from({ length: counts.damaged }, (_, index): HostileFile => {
            const [times, picture] = [1 + random.below(3), random.pick(pictures)]
            let bytes = picture
            for (let done = 0; done < times; done++) bytes = damaged(bytes, random)
            return { fault: 'damaged', name: `damaged ${index}`, bytes }
          }),
          ...randomFiles(kind, counts.random, random),
          ...(others[kind] ?? []).map(([name, bytes]): HostileFile => ({ fault: 'polyglot', name, bytes }))
        ]
      ]
    })
  )
}

const cutOffFiles = (picture: Buffer, index: number): HostileFile[] =>
  cutOff(picture).map(([percent, bytes]) => ({
    fault: 'cut off',
    name: `${index}, up to ${percent} %`,
    bytes
  }))

const randomFiles = (kind: string, count: number, random: Random): HostileFile[] =>
  (SIGNATURES[kind] ?? []).flatMap((signature, which) =>
    Array.from({ length: count }, (_, index) => ({
      fault: 'random',
      name: `random ${which}.${index}`,
      bytes: Buffer.concat([signature, random.bytes(10 + random.below(2000))])
    }))
  )
