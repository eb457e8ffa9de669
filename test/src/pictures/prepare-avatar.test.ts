import { crc32 } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import t from 'tap'
import { InvalidPictureError } from '../../../src/pictures/invalid-picture.ts'
import { prepareAvatar } from '../../../src/pictures/prepare-avatar.ts'
import { MAKER, noise, phonePhoto, quarters } from '../../pictures.ts'

const limits = { maxPixels: 50_000_000, maxFrames: 1000, maxAnimationPixels: 25_000_000, maxSide: 512 }

const prepare = (bytes: Buffer, over: Partial<typeof limits> = {}) =>
  prepareAvatar(bytes, { ...limits, ...over })

const palette = { r: [255, 0, 0], g: [0, 255, 0], b: [0, 0, 255], w: [255, 255, 255] }

/** The colours of the four quarters as letters, row by row: `rgbw` upright. The nearest counts: formats lose some. */
async function corners(image: Buffer): Promise<string> {
  const opaque = sharp(image).flatten({ background: 'white' }).removeAlpha().raw()
  const { data, info } = await opaque.toBuffer({ resolveWithObject: true })
  const letter = (x: number, y: number) => {
    const start = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels
    const pixel = data.subarray(start, start + 3)
    const distance = (colour: number[]) =>
      colour.reduce((sum, value, i) => sum + (value - (pixel[i] ?? 0)) ** 2, 0)
    return Object.entries(palette).sort(([, one], [, other]) => distance(one) - distance(other))[0]?.[0]
  }
  return [letter(0.25, 0.25), letter(0.75, 0.25), letter(0.25, 0.75), letter(0.75, 0.75)].join('')
}

/** What a camera writes so that the orientation makes it `rgbw` again (EXIF 2.32). sharp mirrors before it turns. */
const stored: ((image: Sharp) => Sharp)[] = [
  (image) => image,
  (image) => image.flop(),
  (image) => image.rotate(180),
  (image) => image.flip(),
  (image) => image.flop().rotate(270),
  (image) => image.rotate(270),
  (image) => image.flop().rotate(90),
  (image) => image.rotate(90)
]

t.test('all eight orientations come out upright, and without the note of it', async (t) => {
  for (const [index, turn] of stored.entries()) {
    const turned = await turn(await quarters(200))
      .png()
      .toBuffer()
    const photo = await phonePhoto(sharp(turned), index + 1).toBuffer()
    const { bytes } = await prepare(photo)
    t.equal(await corners(bytes), 'rgbw', `orientation ${index + 1}`)
    t.equal((await sharp(bytes).metadata()).orientation, undefined)
  }
})

t.test('formats, depths and colour spaces come out in their family, in sRGB, 8 bits deep', async (t) => {
  const image = await quarters(200)
  const inputs: [name: string, bytes: Buffer, format: string][] = [
    ['JPEG', await image.clone().jpeg().toBuffer(), 'jpg'],
    ['progressive JPEG', await image.clone().jpeg({ progressive: true }).toBuffer(), 'jpg'],
    ['CMYK JPEG', await image.clone().toColourspace('cmyk').jpeg().toBuffer(), 'jpg'],
    ['PNG', await image.clone().png().toBuffer(), 'png'],
    ['palette PNG', await image.clone().png({ palette: true }).toBuffer(), 'png'],
    ['interlaced PNG', await image.clone().png({ progressive: true }).toBuffer(), 'png'],
    ['16-bit PNG', await image.clone().toColourspace('rgb16').png().toBuffer(), 'png'],
    ['PNG with alpha', await image.clone().ensureAlpha().png().toBuffer(), 'png'],
    ['WebP', await image.clone().webp().toBuffer(), 'webp'],
    ['lossless WebP', await image.clone().webp({ lossless: true }).toBuffer(), 'webp'],
    ['GIF', await image.clone().gif().toBuffer(), 'webp'],
    ['AVIF', await image.clone().avif().toBuffer(), 'webp'],
    ['P3 profile', await image.clone().withIccProfile('p3').jpeg().toBuffer(), 'jpg']
  ]
  for (const [name, input, format] of inputs) {
    const picture = await prepare(input)
    t.equal(picture.format, format, name)
    const { width, height, space, depth, icc } = await sharp(picture.bytes).metadata()
    t.strictSame(
      { width, height, space, depth, icc },
      { width: 200, height: 200, space: 'srgb', depth: 'uchar', icc: undefined },
      name
    )
    t.equal(await corners(picture.bytes), 'rgbw', name)
  }
})

t.test('a picture fits inside the side, keeps its shape, and is never enlarged', async (t) => {
  const size = async (width: number, height: number, maxSide: number) => {
    const { bytes } = await prepare(await (await noise(width, height)).jpeg().toBuffer(), { maxSide })
    const result = await sharp(bytes).metadata()
    return [result.width, result.height]
  }
  t.strictSame(await size(800, 400, 512), [512, 256])
  t.strictSame(await size(300, 900, 100), [33, 100])
  t.strictSame(await size(20, 10, 512), [20, 10])
  t.strictSame(await size(3000, 1, 512), [512, 1])
})

t.test('metadata and what hides behind the picture are gone', async (t) => {
  const photo = await phonePhoto(await quarters(200), 1).toBuffer()
  const tails = [Buffer.from('<script>alert(1)</script>'), Buffer.from('PK\x03\x04 a zip'), Buffer.alloc(0)]
  for (const tail of tails) {
    const { bytes } = await prepare(Buffer.concat([photo, tail]))
    const { exif, xmp, iptc, icc } = await sharp(bytes).metadata()
    t.strictSame([exif, xmp, iptc, icc], [undefined, undefined, undefined, undefined])
    for (const trace of [MAKER, 'Exif', 'script', 'PK\x03\x04']) t.notOk(bytes.includes(trace), trace)
  }
})

t.test('of an animation the first frame is kept', async (t) => {
  const frames = await Promise.all(
    [quarters(40), noise(40, 40)].map(async (frame) => (await frame).png().toBuffer())
  )
  const animated = await sharp(frames, { join: { animated: true } })
    .gif()
    .toBuffer()
  const { bytes } = await prepare(animated)
  t.equal((await sharp(bytes).metadata()).pages ?? 1, 1)
  t.equal(await corners(bytes), 'rgbw')
})

t.test('a picture cut off at any point is refused', async (t) => {
  const image = await noise(120, 120)
  const whole = {
    jpeg: await image.clone().jpeg().toBuffer(),
    png: await image.clone().png().toBuffer(),
    webp: await image.clone().webp().toBuffer(),
    avif: await image.clone().avif().toBuffer()
  }
  for (const [format, bytes] of Object.entries(whole)) {
    for (const share of [0.01, 0.1, 0.3, 0.5, 0.7, 0.9]) {
      const cut = bytes.subarray(0, Math.floor(bytes.length * share))
      await t.rejects(prepare(cut), InvalidPictureError, `${format} at ${share}`)
    }
  }
})

t.test('pixels are counted from the header, before anything is decoded', async (t) => {
  // A small picture whose header claims 14,000 × 14,000: a decoder would find it damaged.
  const png = await (await quarters()).png().toBuffer()
  png.writeUInt32BE(14_000, 16)
  png.writeUInt32BE(14_000, 20)
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29)
  await t.rejects(prepare(png), /no more than 50000000 pixels/)
  await t.rejects(prepare(png, { maxPixels: 200_000_000 }), /not an image or a corrupted image/)
})

t.test('what only looks like a picture is refused', async (t) => {
  const others = [
    Buffer.from('GIF89a'),
    Buffer.from('RIFF\0\0\0\0WEBPVP8 '),
    Buffer.from('\x89PNG\r\n\x1a\n and then nothing', 'latin1'),
    Buffer.from('\0\0\0\x1cftypavif\0\0\0\0avifmif1', 'latin1'),
    Buffer.from('\xff\xd8\xff\xe0 no picture', 'latin1'),
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    Buffer.alloc(0),
    Buffer.alloc(1000)
  ]
  for (const bytes of others) await t.rejects(prepare(bytes), InvalidPictureError)
})
