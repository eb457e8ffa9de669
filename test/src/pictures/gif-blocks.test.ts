import t from 'tap'
import { isWholeGif } from '../../../src/pictures/gif-blocks.ts'
import { glassScene, scene, toAnimation } from '../../made-pictures/scene.ts'
import { manyFrames, writeGif } from '../../made-pictures/write-gif.ts'

t.test('a GIF is whole up to its last byte, and with whatever follows', async (t) => {
  const made = await (await toAnimation([scene(30, 20), glassScene(30, 20)])).gif().toBuffer()
  for (const gif of [made, manyFrames(3)]) {
    t.ok(isWholeGif(gif))
    t.ok(isWholeGif(gif.subarray(0, -1)), 'programs leave the last byte out')
    t.ok(isWholeGif(Buffer.concat([gif, Buffer.from('what follows')])))
  }
})

t.test('a GIF that ends in the middle of a block is not whole', async (t) => {
  const palette = [
    [0, 0, 0],
    [255, 255, 255]
  ]
  const frame = { width: 30, height: 30, indices: new Uint8Array(900).fill(1) }
  const gif = writeGif({ width: 30, height: 30, palette, frames: [frame], loop: 0 })
  const colours = 13 + 3 * 128
  // Between two blocks nothing shows that something is missing: the colours, the loop, the frame's delay, the frame.
  const between = [colours, colours + 19, colours + 27, gif.length - 1, gif.length]
  const lengths = Array.from({ length: gif.length - 12 }, (_, index) => index + 13)
  t.strictSame(
    lengths.filter((length) => isWholeGif(gif.subarray(0, length))),
    between
  )
})
