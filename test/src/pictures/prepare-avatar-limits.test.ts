import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import t from 'tap'
import { besidePixels } from '../../made-pictures/beside-pixels.ts'
import { blackPng, bombs, compressedChunks, deflatedZeros, xmpChunk } from '../../made-pictures/bombs.ts'
import { decode, difference } from '../../made-pictures/compare.ts'
import { prepare } from '../../made-pictures/prepare.ts'
import { scene, toSharp } from '../../made-pictures/scene.ts'
import { insertChunks, pngChunk } from '../../made-pictures/write-png.ts'

const UNREADABLE = {
  name: 'InvalidPictureError',
  sentence: 'Upload a valid image. The file you uploaded was either not an image or a corrupted image.'
}
const tooManyPixels = (max: number) => ({
  name: 'InvalidPictureError',
  sentence: `Ensure the image has no more than ${max} pixels.`
})

const png = () => toSharp(scene()).png().toBuffer()

t.test('a picture of many pixels is refused from its header, however small its file is', async (t) => {
  const bytes = blackPng(14_000, 14_000)
  t.ok(bytes.length < 650_000, `${bytes.length} bytes`)
  t.match(await sharp(bytes, { limitInputPixels: false }).metadata(), { width: 14_000, height: 14_000 })
  await t.rejects(prepare(bytes), tooManyPixels(50_000_000))
})

t.test('as many pixels as may be are taken, one line more is not', async (t) => {
  const maxPixels = 100 * 50
  await t.resolves(prepare(blackPng(100, 50), { maxPixels }))
  await t.rejects(prepare(blackPng(100, 51), { maxPixels }), tooManyPixels(maxPixels))
})

t.test('an AVIF may have half as many pixels as others', async (t) => {
  const avif = await toSharp(scene(100, 50)).avif().toBuffer()
  await t.resolves(prepare(avif, { maxPixels: 10_000 }))
  await t.rejects(prepare(avif, { maxPixels: 9999 }), tooManyPixels(4999))
})

/** A PNG whose header claims another size than its pixels have. */
function lying(honest: Buffer, width: number, height: number): Buffer {
  const bytes = Buffer.from(honest)
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29)
  return bytes
}

t.test('a PNG that claims more pixels than it has is refused', async (t) => {
  const [plain, interlaced] = [await png(), await toSharp(scene()).png({ progressive: true }).toBuffer()]
  for (const bytes of [plain, interlaced]) {
    for (const [width, height] of [
      [97, 64],
      [96, 65],
      [96, 6400],
      [5000, 5000]
    ] as const)
      await t.rejects(prepare(lying(bytes, width, height)), UNREADABLE, `${width}×${height}`)
    await t.rejects(prepare(lying(bytes, 14_000, 14_000)), tooManyPixels(50_000_000))
    await t.rejects(prepare(lying(bytes, 14_000, 14_000), { maxPixels: 200_000_000 }), UNREADABLE)
    await t.rejects(prepare(lying(bytes, 0, 64)), UNREADABLE)
    await t.rejects(prepare(lying(bytes, 0x7fff_ffff, 0x7fff_ffff)), { name: 'InvalidPictureError' })
    await t.rejects(prepare(lying(bytes, 0xffff_ffff, 1)), UNREADABLE)
  }
})

t.test('of a PNG that has more lines than it claims those are kept that it claims', async (t) => {
  const { bytes } = await prepare(lying(await png(), 96, 40))
  const { rgba } = scene()
  const claimed = { width: 96, height: 40, rgba: rgba.subarray(0, 96 * 40 * 4) }
  t.ok(difference(await decode(bytes), claimed) < 1)
  t.strictSame(await besidePixels(bytes), [])
  await t.rejects(prepare(lying(await png(), 95, 64)), UNREADABLE, 'narrower ones make no sense')
})

t.test(
  'texts and profiles that are far larger than they seem are refused, alone or many together',
  async (t) => {
    for (const [name, bytes] of Object.entries(bombs(await png())).slice(1)) {
      t.ok(bytes.length < 2_000_000, `${name}: ${bytes.length} bytes`)
      await t.rejects(prepare(bytes), UNREADABLE, name)
    }
  }
)

t.test('they are refused behind the pixels too', async (t) => {
  const whole = await png()
  const bomb = compressedChunks.zTXt(deflatedZeros(500_000_000))
  await t.rejects(prepare(Buffer.concat([whole.subarray(0, -12), bomb, whole.subarray(-12)])), UNREADABLE)
})

t.test('damaged metadata are harmless, and left out', async (t) => {
  const stream = deflateSync('a text '.repeat(100))
  const damaged = Buffer.from(stream)
  damaged.fill(0xaa, 5, 12)
  const chunks = [damaged, stream.subarray(0, 9), Buffer.alloc(0), Buffer.from('no stream at all')].flatMap(
    (data) => Object.values(compressedChunks).map((wrap) => wrap(data))
  )
  const broken = [
    pngChunk('zTXt', Buffer.from('a keyword without an end')),
    pngChunk('iTXt', Buffer.from('keyword\0\x01\0no end')),
    pngChunk('iTXt', Buffer.from('keyword\0')),
    pngChunk('eXIf', Buffer.from('no Exif')),
    pngChunk('tEXt', Buffer.alloc(0)),
    pngChunk('gAMA', Buffer.alloc(1)),
    pngChunk('pHYs', Buffer.alloc(3))
  ]
  for (const chunk of [...chunks, ...broken]) {
    const { bytes } = await prepare(insertChunks(await png(), [chunk]))
    t.ok(difference(await decode(bytes), scene()) < 1, chunk.toString('latin1', 4, 8))
    t.strictSame(await besidePixels(bytes), [])
  }
})

t.test('a usual text and a usual profile are taken, and left out', async (t) => {
  const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/">${'<rdf:li>layer</rdf:li>'.repeat(5000)}</x:xmpmeta>`
  for (const compressed of [false, true]) {
    const { bytes } = await prepare(insertChunks(await png(), [xmpChunk(xmp, compressed)]))
    t.ok(difference(await decode(bytes), scene()) < 1)
    t.notOk(bytes.includes('xmpmeta'))
  }
  const profiled = await toSharp(scene()).withIccProfile('p3').png().toBuffer()
  t.ok(profiled.includes('iCCP'))
  const { bytes } = await prepare(profiled)
  t.ok(difference(await decode(bytes), scene()) < 2)
  t.strictSame(await besidePixels(bytes), [])
})
