import sharp, { type Sharp } from 'sharp'
import t from 'tap'
import { besidePixels } from '../../made-pictures/beside-pixels.ts'
import { decode, difference } from '../../made-pictures/compare.ts'
import { prepare } from '../../made-pictures/prepare.ts'
import { scene, toSharp } from '../../made-pictures/scene.ts'

/** What a camera writes so that the orientation makes it upright again (EXIF 2.32). sharp mirrors before it turns. */
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

const formats: [name: string, encode: (image: Sharp) => Sharp][] = [
  ['JPEG', (image) => image.jpeg({ quality: 95 })],
  ['PNG', (image) => image.png()],
  ['WebP', (image) => image.webp({ quality: 95 })],
  ['TIFF', (image) => image.tiff({ compression: 'lzw' })],
  ['AVIF', (image) => image.avif({ quality: 80 })]
]

for (const [name, encode] of formats) {
  t.test(`a ${name} comes out upright from all eight orientations, and without the note of it`, async (t) => {
    const upright = scene()
    for (const [index, turn] of stored.entries()) {
      const orientation = index + 1
      const turned = await turn(toSharp(upright)).png().toBuffer()
      const bytes = await encode(sharp(turned).withMetadata({ orientation })).toBuffer()
      const picture = await prepare(bytes)
      const apart = difference(await decode(picture.bytes), upright)
      t.ok(apart < 4, `orientation ${orientation}: ${apart.toFixed(2)} apart`)
      t.strictSame(await besidePixels(picture.bytes), [], `orientation ${orientation}`)
    }
  })
}

t.test('a lying picture is fitted by its upright sides', async (t) => {
  const turned = await toSharp(scene(300, 100)).rotate(270).png().toBuffer()
  const photo = await sharp(turned).withMetadata({ orientation: 6 }).jpeg().toBuffer()
  const { width, height } = await sharp((await prepare(photo, { maxSide: 150 })).bytes).metadata()
  t.strictSame([width, height], [150, 50])
})
