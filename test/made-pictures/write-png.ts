import { crc32, deflateSync } from 'node:zlib'
import { type Pixels, paint } from './scene.ts'

export const PNG_SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

/** How a PNG stores its pixels (PNG 3, 11.2.1). */
export interface PngLayout {
  width: number
  height: number
  colour: 'grey' | 'rgb' | 'palette' | 'grey+alpha' | 'rgba'
  /** Bits of one sample. */
  depth: number
  interlaced?: boolean
  /** Colours of a palette. */
  palette?: number[][]
  /** The data of the chunk `tRNS`. */
  transparency?: Buffer
  /** A pixel's samples, each from 0 to 2 to the power of `depth`, less 1. */
  samplesAt(x: number, y: number): number[]
}

const COLOUR_TYPES = { grey: 0, rgb: 2, palette: 3, 'grey+alpha': 4, rgba: 6 }

/** Adam7: where each pass begins and how far it steps. */
const PASSES = [
  { left: 0, top: 0, across: 8, down: 8 },
  { left: 4, top: 0, across: 8, down: 8 },
  { left: 0, top: 4, across: 4, down: 8 },
  { left: 2, top: 0, across: 4, down: 4 },
  { left: 0, top: 2, across: 2, down: 4 },
  { left: 1, top: 0, across: 2, down: 2 },
  { left: 0, top: 1, across: 1, down: 2 }
]
const WHOLE = [{ left: 0, top: 0, across: 1, down: 1 }]

export function pngChunk(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, checksum])
}

export function pngHeader({
  width,
  height,
  depth,
  colour,
  interlaced = false
}: Omit<PngLayout, 'samplesAt'>) {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([depth, COLOUR_TYPES[colour], 0, 0, interlaced ? 1 : 0], 8)
  return pngChunk('IHDR', header)
}

/**
 * A PNG in any layout that the format has, which sharp writes only some of.
 * @param chunks stand in front of the pixels
 */
export function writePng(layout: PngLayout, chunks: Buffer[] = []): Buffer {
  const { palette, transparency } = layout
  return Buffer.concat([
    PNG_SIGNATURE,
    pngHeader(layout),
    ...(palette ? [pngChunk('PLTE', Buffer.from(palette.flat()))] : []),
    ...(transparency ? [pngChunk('tRNS', transparency)] : []),
    ...chunks,
    pngChunk('IDAT', deflateSync(scanlines(layout))),
    pngChunk('IEND')
  ])
}

/** A PNG with other chunks in front of its pixels. */
export function insertChunks(png: Buffer, chunks: Buffer[]): Buffer {
  const afterHeader = PNG_SIGNATURE.length + 25
  return Buffer.concat([png.subarray(0, afterHeader), ...chunks, png.subarray(afterHeader)])
}

function scanlines({ width, height, depth, interlaced, samplesAt }: PngLayout): Buffer {
  const lines: Buffer[] = []
  for (const { left, top, across, down } of interlaced ? PASSES : WHOLE) {
    if (left >= width) continue
    for (let y = top; y < height; y += down) {
      const samples: number[] = []
      for (let x = left; x < width; x += across) samples.push(...samplesAt(x, y))
      // The filter in front of the line: none.
      lines.push(Buffer.from([0]), pack(samples, depth))
    }
  }
  return Buffer.concat(lines)
}

function pack(samples: number[], depth: number): Buffer {
  const packed = Buffer.alloc(Math.ceil((samples.length * depth) / 8))
  for (const [index, sample] of samples.entries()) {
    const bit = index * depth
    if (depth === 16) packed.writeUInt16BE(sample, bit / 8)
    else packed[bit >> 3] = (packed[bit >> 3] ?? 0) | (sample << (8 - depth - (bit & 7)))
  }
  return packed
}

/** The pixels that such a PNG shows. */
export function pixelsOf(layout: PngLayout): Pixels {
  const max = 2 ** layout.depth - 1
  const scale = (sample = 0) => Math.round((sample * 255) / max)
  const { transparency } = layout
  return paint(layout.width, layout.height, (x, y) => {
    const samples = layout.samplesAt(x, y)
    const hidden = transparency && samples.every((sample, index) => sample === keyOf(transparency, index))
    const opacity = hidden ? 0 : 255
    const [first = 0, second, third, fourth] = samples
    switch (layout.colour) {
      case 'grey':
        return [scale(first), scale(first), scale(first), opacity]
      case 'rgb':
        return [scale(first), scale(second), scale(third), opacity]
      case 'grey+alpha':
        return [scale(first), scale(first), scale(first), scale(second)]
      case 'rgba':
        return [scale(first), scale(second), scale(third), scale(fourth)]
      case 'palette':
        return [...(layout.palette?.[first] ?? []), transparency?.[first] ?? 255]
    }
  })
}

const keyOf = (transparency: Buffer, index: number) =>
  2 * index + 2 <= transparency.length ? transparency.readUInt16BE(2 * index) : undefined
