import sharp from 'sharp'
import t from 'tap'
import { decode, difference } from '../../made-pictures/compare.ts'
import { animationFrames, corpus } from '../../made-pictures/corpus.ts'
import { prepare } from '../../made-pictures/prepare.ts'
import { scene, toAnimation, toSharp } from '../../made-pictures/scene.ts'
import { noise } from '../../pictures.ts'

type Size = [width: number, height: number]

/** What comes in, the side, and what comes out. */
const sizes: [Size, number, Size][] = [
  [[800, 400], 512, [512, 256]],
  [[300, 900], 100, [33, 100]],
  [[20, 10], 512, [20, 10]],
  [[512, 512], 512, [512, 512]],
  [[513, 512], 512, [512, 511]],
  [[1, 1], 16, [1, 1]],
  [[1, 3000], 512, [1, 512]],
  [[3000, 1], 512, [512, 1]],
  [[1, 100], 512, [1, 100]],
  [[100, 1], 512, [100, 1]],
  [[2, 3001], 16, [1, 16]],
  [[2600, 1300], 2048, [2048, 1024]],
  [[2048, 64], 2048, [2048, 64]],
  [[64, 1500], 2048, [64, 1500]]
]

t.test('a picture fits inside the side, keeps its shape, and is never enlarged', async (t) => {
  for (const [[width, height], maxSide, expected] of sizes) {
    const image = await noise(width, height)
    for (const bytes of [await image.clone().jpeg().toBuffer(), await image.clone().png().toBuffer()]) {
      const { bytes: stored, format } = await prepare(bytes, { maxSide })
      const result = await sharp(stored).metadata()
      t.strictSame([result.width, result.height], expected, `${format} ${width}×${height} in ${maxSide}`)
    }
  }
})

t.test('each format is fitted', async (t) => {
  for (const samples of Object.values(await corpus())) {
    for (const { name, bytes, original } of samples.slice(0, 3)) {
      const { bytes: stored } = await prepare(bytes, { maxSide: 24 })
      const { width, height } = await sharp(stored).metadata()
      t.strictSame([width, height], [24, Math.round((24 * original.height) / original.width)], name)
    }
  }
})

t.test('an animation is fitted frame by frame', async (t) => {
  const gif = await (await toAnimation(animationFrames(300, 200))).gif().toBuffer()
  const { width, height, pages } = await sharp((await prepare(gif, { maxSide: 60 })).bytes).metadata()
  t.strictSame([width, height, pages], [60, 40, 4])
})

t.test('what is scaled down looks as it did', async (t) => {
  const { bytes } = await prepare(await toSharp(scene(900, 600)).png().toBuffer(), { maxSide: 300 })
  t.ok(difference(await decode(bytes), scene(300, 200)) < 3)
})
