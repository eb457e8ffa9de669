import type { Sharp } from 'sharp'
import type { PictureFormat } from '../../src/pictures/picture-format.ts'
import { glassScene, greyScene, type Pixels, paint, plain, scene, toAnimation, toSharp } from './scene.ts'
import { writeGif } from './write-gif.ts'
import { type PngLayout, pixelsOf, writePng } from './write-png.ts'
import { writeTiff } from './write-tiff.ts'

/** A picture as somebody may send it, and what has to come of it. */
export interface Sample {
  name: string
  bytes: Buffer
  storedAs: PictureFormat
  original: Pixels
  /** How far from the original the stored picture may be on average, of 255. */
  within: number
  /** Whether some of it is transparent. */
  alpha?: boolean
}

const [colours, glass, greys] = [scene(), glassScene(), greyScene()]

export const corpus = async (): Promise<Record<string, Sample[]>> => ({
  jpeg: await jpegs(),
  png: await pngs(),
  webp: await webps(),
  avif: await avifs(),
  gif: await gifs(),
  tiff: await tiffs()
})

type Recipe = [name: string, make: (image: Sharp) => Sharp, over?: Partial<Sample>]

const cook = (recipes: Recipe[], common: Pick<Sample, 'storedAs' | 'within'>): Promise<Sample[]> =>
  Promise.all(
    recipes.map(async ([name, make, over]) => {
      const original = over?.original ?? colours
      return { name, bytes: await make(toSharp(original)).toBuffer(), original, ...common, ...over }
    })
  )

const seeThrough = { original: glass, alpha: true }

const jpegs = () =>
  cook(
    [
      ['baseline', (image) => image.jpeg({ quality: 95 })],
      ['progressive', (image) => image.jpeg({ quality: 95, progressive: true })],
      ['all its colours, 4:4:4', (image) => image.jpeg({ quality: 95, chromaSubsampling: '4:4:4' })],
      ['half its colours, 4:2:0', (image) => image.jpeg({ quality: 95, chromaSubsampling: '4:2:0' })],
      ['grey', (image) => image.toColourspace('b-w').jpeg({ quality: 95 }), { original: greys }],
      ['CMYK', (image) => image.toColourspace('cmyk').jpeg({ quality: 95 }), { within: 10 }],
      ['Display P3', (image) => image.withIccProfile('p3').jpeg({ quality: 95 })],
      ['its own Huffman tables', (image) => image.jpeg({ quality: 95, mozjpeg: true })]
    ],
    { storedAs: 'jpg', within: 3 }
  )

const webps = () =>
  cook(
    [
      ['lossy', (image) => image.webp({ quality: 95 })],
      ['lossless', (image) => image.webp({ lossless: true })],
      ['with alpha', (image) => image.webp({ quality: 95 }), seeThrough],
      ['lossless with alpha', (image) => image.webp({ lossless: true }), seeThrough],
      ['Display P3', (image) => image.withIccProfile('p3').webp({ quality: 95 })]
    ],
    { storedAs: 'webp', within: 4 }
  )

const avifs = () =>
  cook(
    [
      ['8 bits', (image) => image.avif({ quality: 80, bitdepth: 8 })],
      ['10 bits', (image) => image.avif({ quality: 80, bitdepth: 10 })],
      ['12 bits', (image) => image.avif({ quality: 80, bitdepth: 12 })],
      ['all its colours, 4:4:4', (image) => image.avif({ quality: 80, chromaSubsampling: '4:4:4' })],
      ['half its colours, 4:2:0', (image) => image.avif({ quality: 80, chromaSubsampling: '4:2:0' })],
      ['lossless', (image) => image.avif({ lossless: true })],
      ['with alpha', (image) => image.avif({ quality: 80 }), seeThrough],
      ['Display P3', (image) => image.withIccProfile('p3').avif({ quality: 80 })]
    ],
    { storedAs: 'webp', within: 4 }
  )

/** What is either there or not, as a GIF has it. */
const cutOut = paint(96, 64, (x, y) => [0, 90, 180, (x - 40) ** 2 + (y - 30) ** 2 < 500 ? 255 : 0])

async function gifs(): Promise<Sample[]> {
  const palette = Array.from({ length: 128 }, (_, index) => [index * 2, 255 - index, index])
  const place = (x: number, y: number) => (x + y) % 128
  const indices = Uint8Array.from({ length: 96 * 64 }, (_, at) => place(at % 96, Math.floor(at / 96)))
  const bytes = writeGif({
    width: 96,
    height: 64,
    palette,
    frames: [{ width: 96, height: 64, indices, interlaced: true }]
  })
  const original = paint(96, 64, (x, y) => palette[place(x, y)] ?? [])
  const cooked = await cook(
    [
      ['of one frame', (image) => image.gif()],
      ['transparent', (image) => image.gif(), { original: cutOut, alpha: true }],
      ['interlaced', (image) => image.gif({ progressive: true })]
    ],
    { storedAs: 'webp', within: 4 }
  )
  return [...cooked, { name: 'interlaced, by hand', bytes, original, storedAs: 'webp', within: 4 }]
}

async function tiffs(): Promise<Sample[]> {
  const cooked = await cook(
    [
      ['uncompressed', (image) => image.tiff({ compression: 'none' })],
      ['LZW', (image) => image.tiff({ compression: 'lzw' })],
      ['Deflate', (image) => image.tiff({ compression: 'deflate' })],
      ['PackBits', (image) => image.tiff({ compression: 'packbits' })],
      ['JPEG', (image) => image.tiff({ compression: 'jpeg', quality: 95 })],
      ['in tiles', (image) => image.tiff({ compression: 'lzw', tile: true, tileWidth: 32, tileHeight: 32 })],
      ['a pyramid', (image) => image.tiff({ compression: 'lzw', tile: true, pyramid: true })],
      ['BigTIFF', (image) => image.tiff({ compression: 'lzw', bigtiff: true })],
      ['16 bits', (image) => image.toColourspace('rgb16').tiff({ compression: 'deflate' })],
      ['CMYK', (image) => image.toColourspace('cmyk').tiff({ compression: 'lzw' }), { within: 10 }],
      ['grey', (image) => image.toColourspace('b-w').tiff({ compression: 'lzw' }), { original: greys }],
      ['with alpha', (image) => image.tiff({ compression: 'lzw' }), seeThrough],
      ['Display P3', (image) => image.withIccProfile('p3').tiff({ compression: 'lzw' })],
      [
        'black and white, as a fax',
        (image) => image.toColourspace('b-w').tiff({ compression: 'ccittfax4', bitdepth: 1 }),
        { original: paint(96, 64, (x) => (x < 40 ? [0, 0, 0] : [255, 255, 255])) }
      ]
    ],
    { storedAs: 'webp', within: 4 }
  )
  const common = { original: colours, storedAs: 'webp', within: 4 } as const
  const pages = [colours, plain(96, 64, [0, 0, 0])]
  return [
    ...cooked,
    { name: 'big-endian', bytes: writeTiff([colours], { bigEndian: true }), ...common },
    { name: 'its first page', bytes: writeTiff(pages), ...common },
    { name: 'its first page, big-endian', bytes: writeTiff(pages, { bigEndian: true }), ...common },
    {
      name: 'its first page, by libvips',
      bytes: await (await toAnimation(pages)).tiff({ compression: 'lzw' }).toBuffer(),
      ...common
    }
  ]
}

/** All layouts that PNG has, each interlaced and not, made by hand; sharp's own beside them. */
async function pngs(): Promise<Sample[]> {
  const byHand = pngLayouts().flatMap(([name, layout]) =>
    [false, true].map((interlaced): Sample => {
      const whole = { ...layout, interlaced }
      return {
        name: `${name}${interlaced ? ', interlaced' : ''}`,
        bytes: writePng(whole),
        original: pixelsOf(whole),
        storedAs: 'png',
        within: 0.75,
        alpha: layout.colour.endsWith('a') || layout.transparency !== undefined
      }
    })
  )
  const cooked = await cook(
    [
      ['sharp’s', (image) => image.png()],
      ['sharp’s, with alpha', (image) => image.png(), seeThrough],
      ['Display P3', (image) => image.withIccProfile('p3').png()]
    ],
    { storedAs: 'png', within: 0.75 }
  )
  return [...byHand, ...cooked]
}

type Samples = Omit<PngLayout, 'interlaced'>

/** Sizes that no pass of an interlaced picture divides. */
const PNG_SIZE = { width: 45, height: 35 }

function pngLayouts(): [string, Samples][] {
  const ramp = (depth: number) => (x: number, y: number) =>
    (x * 7 + y * (depth === 16 ? 900 : 3)) % 2 ** depth
  const layouts: [string, Samples][] = []
  for (const depth of [1, 2, 4, 8, 16]) {
    const grey = {
      ...PNG_SIZE,
      colour: 'grey' as const,
      depth,
      samplesAt: (x: number, y: number) => [ramp(depth)(x, y)]
    }
    layouts.push([`grey, ${depth} bits`, grey])
    layouts.push([
      `grey, ${depth} bits, one of them transparent`,
      { ...grey, transparency: Buffer.from([0, 1]) }
    ])
  }
  for (const depth of [1, 2, 4, 8]) {
    const palette = Array.from({ length: 2 ** depth }, (_, index) => [
      (index * 91) % 256,
      (index * 37 + 50) % 256,
      255 - index
    ])
    const indexed = {
      ...PNG_SIZE,
      colour: 'palette' as const,
      depth,
      palette,
      samplesAt: (x: number, y: number) => [ramp(depth)(x, y)]
    }
    layouts.push([`palette, ${depth} bits`, indexed])
    layouts.push([`palette, ${depth} bits, with alpha`, { ...indexed, transparency: Buffer.from([0, 128]) }])
  }
  for (const depth of [8, 16]) {
    const value = ramp(depth)
    const three = (x: number, y: number) => [value(x, y), value(y, x), value(x + 9, y + 5)]
    const rgb = { ...PNG_SIZE, colour: 'rgb' as const, depth, samplesAt: three }
    layouts.push([`RGB, ${depth} bits`, rgb])
    const key = Buffer.from(three(3, 4).flatMap((sample) => [sample >> 8, sample & 255]))
    layouts.push([`RGB, ${depth} bits, one of them transparent`, { ...rgb, transparency: key }])
    layouts.push([
      `RGBA, ${depth} bits`,
      { ...PNG_SIZE, colour: 'rgba', depth, samplesAt: (x, y) => [...three(x, y), value(x + 20, y)] }
    ])
    layouts.push([
      `grey with alpha, ${depth} bits`,
      { ...PNG_SIZE, colour: 'grey+alpha', depth, samplesAt: (x, y) => [value(x, y), value(y, x)] }
    ])
  }
  return layouts
}

/** Frames with little in common, for animations. */
export const animationFrames = (width = 48, height = 32): Pixels[] => [
  scene(width, height),
  plain(width, height, [200, 30, 30]),
  glassScene(width, height),
  plain(width, height, [20, 60, 220])
]
