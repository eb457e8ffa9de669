import type { Pixels } from './scene.ts'

/** The fields of a page, in the order of their numbers (TIFF 6, section 8). */
const FIELDS = {
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  description: 270,
  stripOffset: 273,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripBytes: 279
}
const [SHORT, LONG, ASCII] = [3, 4, 2]
const HEADER_BYTES = 8
const PAGE_BYTES = 2 + 12 * 10 + 4

/**
 * An uncompressed TIFF whose pages say where their pixels are before these come, as a scanner that writes as it goes has
 * it; in either order of bytes. sharp writes little-endian ones, the description last.
 */
export function writeTiff(
  pages: Pixels[],
  { bigEndian = false, description = '' }: { bigEndian?: boolean; description?: string } = {}
): Buffer {
  const text = Buffer.from(`${description}\0\0\0\0`)
  const parts = [Buffer.alloc(HEADER_BYTES)]
  const [short, long] = writers(bigEndian)
  parts[0]?.set([...Buffer.from(bigEndian ? 'MM' : 'II'), ...short(42), ...long(HEADER_BYTES)])
  let start = HEADER_BYTES
  for (const [index, { width, height, rgba }] of pages.entries()) {
    const rgb = withoutOpacity(rgba)
    const extra = start + PAGE_BYTES
    const next = extra + 6 + text.length + rgb.length
    const field = (name: keyof typeof FIELDS, type: number, count: number, value: number) => [
      ...short(FIELDS[name]),
      ...short(type),
      ...long(count),
      ...(type === SHORT && count === 1 ? [...short(value), 0, 0] : long(value))
    ]
    const page = [
      ...short(10),
      ...field('width', LONG, 1, width),
      ...field('height', LONG, 1, height),
      ...field('bitsPerSample', SHORT, 3, extra),
      ...field('compression', SHORT, 1, 1),
      ...field('photometric', SHORT, 1, 2),
      ...field('description', ASCII, text.length, extra + 6),
      ...field('stripOffset', LONG, 1, extra + 6 + text.length),
      ...field('samplesPerPixel', SHORT, 1, 3),
      ...field('rowsPerStrip', LONG, 1, height),
      ...field('stripBytes', LONG, 1, rgb.length),
      ...long(index + 1 < pages.length ? next : 0)
    ]
    parts.push(Buffer.from([...page, ...short(8), ...short(8), ...short(8)]), text, rgb)
    start = next
  }
  return Buffer.concat(parts)
}

function writers(bigEndian: boolean): [(value: number) => number[], (value: number) => number[]] {
  const inOrder = (bytes: number[]) => (bigEndian ? bytes.reverse() : bytes)
  return [
    (value) => inOrder([value & 255, (value >> 8) & 255]),
    (value) => inOrder([value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >>> 24) & 255])
  ]
}

const withoutOpacity = (rgba: Buffer) => Buffer.from(rgba.filter((_, at) => at % 4 !== 3))
