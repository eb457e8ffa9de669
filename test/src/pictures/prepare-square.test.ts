import sharp from 'sharp'
import t from 'tap'
import { InvalidPictureError } from '../../../src/pictures/invalid-picture.ts'
import { prepareSquare } from '../../../src/pictures/prepare-square.ts'
import { besidePixels } from '../../made-pictures/beside-pixels.ts'
import { decode, difference } from '../../made-pictures/compare.ts'
import { animationFrames } from '../../made-pictures/corpus.ts'
import { glassScene, paint, scene, toAnimation, toSharp } from '../../made-pictures/scene.ts'

const SIDES = [32, 64, 128, 256]

t.test('a square is a WebP of its side and nothing else, whatever the picture', async (t) => {
  const pictures = {
    JPEG: await toSharp(scene(400, 300))
      .withExif({ IFD0: { Make: 'A maker' } })
      .jpeg()
      .toBuffer(),
    PNG: await toSharp(scene(300, 400)).png().toBuffer(),
    WebP: await toSharp(glassScene(300, 300)).webp().toBuffer()
  }
  for (const [name, picture] of Object.entries(pictures)) {
    for (const side of SIDES) {
      const square = await prepareSquare(picture, side)
      const { format, width, height, space, pages } = await sharp(square).metadata()
      t.strictSame(
        { format, width, height, space, pages },
        { format: 'webp', width: side, height: side, space: 'srgb', pages: undefined },
        `${name} at ${side}`
      )
      t.strictSame(await besidePixels(square), [], name)
    }
  }
})

t.test('a small or narrow picture is not enlarged, and its square still is one', async (t) => {
  const sizes: [width: number, height: number, side: number][] = [
    [10, 10, 10],
    [20, 10, 10],
    [10, 200, 10],
    [1, 500, 1],
    [500, 1, 1],
    [1, 1, 1],
    [63, 64, 63],
    [64, 64, 64],
    [2048, 2048, 64]
  ]
  for (const [width, height, side] of sizes) {
    const square = await prepareSquare(await toSharp(scene(width, height)).png().toBuffer(), 64)
    t.match(await sharp(square).metadata(), { width: side, height: side }, `${width}×${height}`)
  }
})

t.test('a square picture only becomes smaller', async (t) => {
  const square = await prepareSquare(await toSharp(glassScene(256, 256)).png().toBuffer(), 64)
  t.ok(difference(await decode(square), glassScene(64, 64)) < 5)
})

t.test('of an animation the first frame is taken', async (t) => {
  const [first = scene()] = animationFrames(64, 64)
  const image = await toAnimation(animationFrames(64, 64))
  for (const picture of [await image.clone().webp().toBuffer(), await image.clone().gif().toBuffer()]) {
    const square = await prepareSquare(picture, 64)
    t.equal((await sharp(square).metadata()).pages, undefined)
    t.ok(difference(await decode(square), first) < 8)
  }
})

/** A long grey picture with a bright, checked disc in it, and where in it that is: 0 to 1. */
function withSubject(place: number, upright: boolean) {
  const [long, short, radius] = [600, 150, 45]
  const centre = radius + place * (long - 2 * radius)
  return paint(upright ? short : long, upright ? long : short, (x, y) => {
    const [along, across] = upright ? [y, x] : [x, y]
    if (Math.hypot(along - centre, across - short / 2) > radius) return [120, 120, 125]
    return (Math.floor(x / 6) + Math.floor(y / 6)) % 2 === 0 ? [250, 190, 150] : [200, 60, 40]
  })
}

t.test('what people look at is in the square, wherever it is in the picture', async (t) => {
  for (const upright of [false, true]) {
    for (const place of [0, 0.2, 0.5, 0.8, 1]) {
      const picture = await toSharp(withSubject(place, upright)).png().toBuffer()
      const { rgba } = await decode(await prepareSquare(picture, 128))
      let reddish = 0
      for (let at = 0; at < rgba.length; at += 4) if ((rgba[at] ?? 0) - (rgba[at + 2] ?? 0) > 50) reddish++
      // The whole disc has 28 % of the square.
      const share = (100 * reddish) / (rgba.length / 4)
      t.ok(share > 20, `${upright ? 'upright' : 'lying'}, at ${place}: ${share.toFixed(0)} %`)
    }
  }
})

t.test('what is no picture is refused', async (t) => {
  const whole = await toSharp(scene(200, 200)).jpeg().toBuffer()
  const others = [Buffer.alloc(0), Buffer.from('no picture'), whole.subarray(0, whole.length / 2)]
  for (const bytes of others) await t.rejects(prepareSquare(bytes, 64), InvalidPictureError)
})

t.test('a picture that is far larger than any that is stored is refused', async (t) => {
  const large = await sharp({ create: { width: 4096, height: 2049, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  await t.rejects(prepareSquare(large, 64), InvalidPictureError)
})
