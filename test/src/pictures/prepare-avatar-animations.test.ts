import sharp from 'sharp'
import t, { type Test } from 'tap'
import { besidePixels } from '../../made-pictures/beside-pixels.ts'
import { decode, decodeFrames, difference } from '../../made-pictures/compare.ts'
import { animationFrames } from '../../made-pictures/corpus.ts'
import { prepare } from '../../made-pictures/prepare.ts'
import { type Pixels, paint, toAnimation } from '../../made-pictures/scene.ts'
import { type GifFrame, manyFrames, writeGif } from '../../made-pictures/write-gif.ts'

const frames = animationFrames()
const opaque = [frames[0], frames[1], frames[3]].flatMap((frame) => frame ?? [])
const timing = { delay: [100, 250, 70], loop: 3 }

const animations = async () => {
  const image = await toAnimation(opaque)
  return {
    gif: await image.clone().gif(timing).toBuffer(),
    webp: await image
      .clone()
      .webp({ ...timing, quality: 95 })
      .toBuffer()
  }
}

function sameFrames(t: Test, stored: Pixels[], expected: Pixels[], name: string): void {
  t.equal(stored.length, expected.length, `${name}: frames`)
  for (const [index, frame] of expected.entries()) {
    const apart = stored[index] ? difference(stored[index], frame) : 255
    t.ok(apart < 5, `${name}: frame ${index} is ${apart.toFixed(2)} apart`)
  }
}

t.test('frames, their order, their times and their repetitions are kept, as WebP', async (t) => {
  for (const [name, bytes] of Object.entries(await animations())) {
    const picture = await prepare(bytes)
    t.equal(picture.format, 'webp', name)
    t.match(await sharp(picture.bytes).metadata(), { format: 'webp', pages: 3, ...timing }, name)
    sameFrames(t, await decodeFrames(picture.bytes), opaque, name)
    t.strictSame(await besidePixels(picture.bytes), [], name)
  }
})

t.test('an animation that never ends never ends', async (t) => {
  const image = await toAnimation(opaque)
  for (const bytes of [
    await image.clone().gif({ loop: 0 }).toBuffer(),
    await image.clone().webp({ loop: 0 }).toBuffer()
  ])
    t.equal((await sharp((await prepare(bytes)).bytes).metadata()).loop, 0)
})

t.test('transparency of an animation is kept', async (t) => {
  const image = await toAnimation(frames)
  const { bytes } = await prepare(await image.webp({ quality: 95 }).toBuffer())
  sameFrames(t, await decodeFrames(bytes), frames, 'WebP')
  t.ok((await sharp(bytes).metadata()).hasAlpha)
})

t.test('of an animation of one frame a picture is made', async (t) => {
  const { bytes } = await prepare(manyFrames(1))
  t.match(await sharp(bytes).metadata(), { width: 1, height: 1, pages: undefined })
})

t.test('one with more frames than may be is refused, one with as many is taken', async (t) => {
  for (const bytes of [manyFrames(3), ...Object.values(await animations())]) {
    await t.rejects(prepare(bytes, { maxFrames: 2 }), {
      name: 'InvalidPictureError',
      sentence: 'Ensure the image has no more than 2 frames.'
    })
    await t.resolves(prepare(bytes, { maxFrames: 3 }))
  }
})

t.test('a hundred thousand frames are refused by their number, before they are drawn', async (t) => {
  await t.rejects(prepare(manyFrames(100_000)), {
    name: 'InvalidPictureError',
    sentence: 'Ensure the image has no more than 1000 frames.'
  })
})

t.test('of one with more pixels than an animation may have the first frame is kept', async (t) => {
  const pixels = 48 * 32 * 3
  for (const [name, bytes] of Object.entries(await animations())) {
    const pages = async (maxAnimationPixels: number) => {
      const { bytes: stored } = await prepare(bytes, { maxAnimationPixels })
      sameFrames(t, (await decodeFrames(stored)).slice(0, 1), opaque.slice(0, 1), name)
      return (await sharp(stored).metadata()).pages ?? 1
    }
    t.equal(await pages(pixels), 3, name)
    t.equal(await pages(pixels - 1), 1, name)
    t.equal(await pages(0), 1, name)
  }
})

const palette = [
  [0, 0, 0],
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255]
]
const [RED, GREEN, BLUE] = [1, 2, 3]
const NOTHING = 100
const SIDE = 90

/** A picture of plain blocks: WebP blurs their edges, nothing else. */

const block = (
  left: number,
  top: number,
  side: number,
  index: number,
  over: Partial<GifFrame> = {}
): GifFrame => ({
  left,
  top,
  width: side,
  height: side,
  indices: new Uint8Array(side * side).fill(index),
  delay: 10,
  // As every program has it that clears frames.
  transparent: NOTHING,
  ...over
})

/** What a browser shows: the first of the blocks that covers a pixel; a number of the palette, or nothing. */
const composed = (...blocks: [left: number, top: number, side: number, index: number][]) =>
  paint(SIDE, SIDE, (x, y) => {
    const covers = blocks.find(
      ([left, top, side]) => x >= left && x < left + side && y >= top && y < top + side
    )
    return covers ? (palette[covers[3]] ?? []) : [0, 0, 0, 0]
  })

t.test('frames that are smaller than the picture come out as a browser composes them', async (t) => {
  const cases: [name: string, disposals: GifFrame['disposal'][], expected: Pixels[]][] = [
    [
      'each stays',
      [1, 1, 1],
      [
        composed([0, 0, SIDE, RED]),
        composed([30, 30, 30, GREEN], [0, 0, SIDE, RED]),
        composed([16, 44, 16, BLUE], [30, 30, 30, GREEN], [0, 0, SIDE, RED])
      ]
    ],
    [
      'each is cleared',
      [2, 2, 2],
      [composed([0, 0, SIDE, RED]), composed([30, 30, 30, GREEN]), composed([16, 44, 16, BLUE])]
    ],
    [
      'what was there comes back',
      [1, 3, 1],
      [
        composed([0, 0, SIDE, RED]),
        composed([30, 30, 30, GREEN], [0, 0, SIDE, RED]),
        composed([16, 44, 16, BLUE], [0, 0, SIDE, RED])
      ]
    ]
  ]
  const blocks = [block(0, 0, SIDE, RED), block(30, 30, 30, GREEN), block(16, 44, 16, BLUE)]
  for (const [name, disposals, expected] of cases) {
    const drawn = blocks.map((frame, index) => ({ ...frame, disposal: disposals[index] ?? 0 }))
    const gif = writeGif({ width: SIDE, height: SIDE, palette, frames: drawn, loop: 0 })
    sameFrames(t, await decodeFrames((await prepare(gif)).bytes), expected, name)
  }
})

t.test('a first frame that covers only a part leaves the rest see-through', async (t) => {
  const gif = writeGif({ width: SIDE, height: SIDE, palette, frames: [block(20, 10, 40, BLUE)] })
  const { bytes } = await prepare(gif)
  t.ok(difference(await decode(bytes), composed([20, 10, 40, BLUE])) < 5)
})

t.test('a frame that reaches past the edge is cut there', async (t) => {
  const frames = [block(0, 0, SIDE, RED, { disposal: 1 }), block(60, 60, 50, GREEN, { disposal: 1 })]
  const gif = writeGif({ width: SIDE, height: SIDE, palette, frames, loop: 0 })
  const expected = [composed([0, 0, SIDE, RED]), composed([60, 60, 30, GREEN], [0, 0, SIDE, RED])]
  sameFrames(t, await decodeFrames((await prepare(gif)).bytes), expected, 'at the edge')
})

t.test(
  'an animation is never turned, whatever its metadata say: its frames stay in their order',
  async (t) => {
    for (let orientation = 1; orientation <= 8; orientation++) {
      const image = (await toAnimation(opaque)).withMetadata({ orientation })
      const { bytes } = await prepare(await image.webp({ quality: 95 }).toBuffer())
      sameFrames(t, await decodeFrames(bytes), opaque, `orientation ${orientation}`)
    }
  }
)
