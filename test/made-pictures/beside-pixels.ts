import sharp from 'sharp'
import { PNG_SIGNATURE } from './write-png.ts'

const PNG_PIXELS = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'])
const WEBP_PIXELS = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF'])

/** JPEG's markers without a length behind them. */
const BARE = new Set([0xd8, 0x01, ...Array.from({ length: 8 }, (_, index) => 0xd0 + index)])
const SCAN = 0xda
const END = 0xd9

/** What a stored picture has in it besides its pixels, each by its name: nothing, if all is well. */
export async function besidePixels(picture: Buffer): Promise<string[]> {
  const { exif, xmp, iptc, icc, orientation, comments, format } = await sharp(picture).metadata()
  const known = Object.entries({ exif, xmp, iptc, icc, orientation, comments })
  return [...known.flatMap(([name, value]) => (value === undefined ? [] : name)), ...partsOf(picture, format)]
}

function partsOf(picture: Buffer, format: string): string[] {
  if (format === 'jpeg') return jpegSegments(picture)
  if (format === 'png') return pngChunks(picture)
  return format === 'webp' ? webpChunks(picture) : [`a picture in ${format}`]
}

function pngChunks(png: Buffer): string[] {
  const others: string[] = []
  let at = PNG_SIGNATURE.length
  for (let type = ''; type !== 'IEND'; at += 12 + png.readUInt32BE(at)) {
    type = png.toString('latin1', at + 4, at + 8)
    if (!PNG_PIXELS.has(type)) others.push(type)
  }
  return at === png.length ? others : [...others, 'bytes behind the end']
}

function webpChunks(webp: Buffer): string[] {
  const others: string[] = []
  let at = 12
  while (at + 8 <= webp.length) {
    const type = webp.toString('latin1', at, at + 4)
    if (!WEBP_PIXELS.has(type)) others.push(type)
    const bytes = webp.readUInt32LE(at + 4)
    at += 8 + bytes + (bytes % 2)
  }
  const whole = at === webp.length && webp.readUInt32LE(4) + 8 === webp.length
  return whole ? others : [...others, 'bytes behind the end']
}

/** Application segments other than JFIF's and Adobe's, which a decoder needs for the colours, and comments. */
function jpegSegments(jpeg: Buffer): string[] {
  const others: string[] = []
  let at = 0
  for (;;) {
    const marker = jpeg[at + 1] ?? END
    if (jpeg[at] !== 0xff) return [...others, `no marker at ${at}`]
    if (marker === END) break
    if (marker === 0xfe) others.push('COM')
    if (marker > 0xe0 && marker <= 0xef && marker !== 0xee) others.push(`APP${marker - 0xe0}`)
    at += BARE.has(marker) ? 2 : 2 + jpeg.readUInt16BE(at + 2)
    if (marker === SCAN) at = nextMarker(jpeg, at)
  }
  return at + 2 === jpeg.length ? others : [...others, 'bytes behind the end']
}

/** Behind a scan's data, in which 0xff is followed by zero, or by the number of a restart. */
function nextMarker(jpeg: Buffer, start: number): number {
  let at = start
  while (jpeg[at] !== 0xff || jpeg[at + 1] === 0 || BARE.has(jpeg[at + 1] ?? 0)) at++
  return at
}
