/** A rectangle of an animation that is drawn over what was there before. */
export interface GifFrame {
  left?: number
  top?: number
  width: number
  height: number
  /** The colour of each pixel, row by row, by its place in the palette. */
  indices: Uint8Array
  /** In hundredths of a second. */
  delay?: number
  /** What becomes of it before the next one: 1 it stays, 2 its place is cleared, 3 what was there comes back. */
  disposal?: 0 | 1 | 2 | 3
  /** A place in the palette that shows what is behind. */
  transparent?: number
  interlaced?: boolean
}

export interface GifOptions {
  width: number
  height: number
  /** At most 128 colours. */
  palette: number[][]
  frames: GifFrame[]
  /** 0 is for ever; without it the animation is shown once. */
  loop?: number
}

/** 128 colours: codes of 8 bits each, so long as the table of codes is cleared before it fills. */
const CODE_BITS = 7
const CLEAR = 128
const END = 129
const PIXELS_BETWEEN_CLEARS = 100

const uint16 = (value: number) => [value & 255, value >> 8]

/** A GIF that draws its frames where they are told to be; sharp writes only ones that cover everything (GIF 89a). */
export function writeGif({ width, height, palette, frames, loop }: GifOptions): Buffer {
  const colours = Buffer.alloc(3 * 128)
  colours.set(palette.flat())
  return Buffer.concat([
    Buffer.from('GIF89a'),
    Buffer.from([...uint16(width), ...uint16(height), 0xf6, 0, 0]),
    colours,
    ...(loop === undefined ? [] : [loopBlock(loop)]),
    ...frames.map(frameBlocks),
    Buffer.from([0x3b])
  ])
}

/** A GIF of one pixel and as many frames as are asked for. */
export function manyFrames(count: number): Buffer {
  const frame = { width: 1, height: 1, indices: Uint8Array.of(1), delay: 10 }
  const [head, blocks] = [
    writeGif({ width: 1, height: 1, palette: [[0, 0, 0]], frames: [], loop: 0 }),
    frameBlocks(frame)
  ]
  return Buffer.concat([
    head.subarray(0, -1),
    ...Array.from({ length: count }, () => blocks),
    head.subarray(-1)
  ])
}

const loopBlock = (loop: number) =>
  Buffer.concat([
    Buffer.from([0x21, 0xff, 11]),
    Buffer.from('NETSCAPE2.0'),
    Buffer.from([3, 1, ...uint16(loop), 0])
  ])

function frameBlocks(frame: GifFrame): Buffer {
  const { left = 0, top = 0, width, height, delay = 0, disposal = 0, transparent, interlaced = false } = frame
  const flags = (disposal << 2) | (transparent === undefined ? 0 : 1)
  return Buffer.concat([
    Buffer.from([0x21, 0xf9, 4, flags, ...uint16(delay), transparent ?? 0, 0]),
    Buffer.from([0x2c, ...uint16(left), ...uint16(top), ...uint16(width), ...uint16(height)]),
    Buffer.from([interlaced ? 0x40 : 0, CODE_BITS]),
    subBlocks(interlaced ? interlace(frame) : frame.indices)
  ])
}

/** Every code is one byte, as long as none longer than a pixel is used. */
function subBlocks(indices: Uint8Array): Buffer {
  const codes: number[] = []
  for (const [at, index] of indices.entries()) {
    if (at % PIXELS_BETWEEN_CLEARS === 0) codes.push(CLEAR)
    codes.push(index)
  }
  codes.push(END)
  const blocks: Buffer[] = []
  for (let at = 0; at < codes.length; at += 255) {
    const block = codes.slice(at, at + 255)
    blocks.push(Buffer.from([block.length, ...block]))
  }
  return Buffer.concat([...blocks, Buffer.from([0])])
}

/** The rows in the order in which an interlaced picture has them. */
function interlace({ width, height, indices }: GifFrame): Uint8Array {
  const rows: number[] = []
  for (const [start, step] of [
    [0, 8],
    [4, 8],
    [2, 4],
    [1, 2]
  ] as const) {
    for (let y = start; y < height; y += step) rows.push(y)
  }
  return Buffer.concat(rows.map((y) => indices.subarray(y * width, (y + 1) * width)))
}
