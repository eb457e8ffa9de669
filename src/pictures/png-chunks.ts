import { inflateSync } from 'node:zlib'

interface Chunk {
  type: string
  data: Buffer
  /** With its length, type and checksum. */
  whole: Buffer
}

const SIGNATURE_BYTES = 8

/** The chunks of a PNG in order, as far as they are whole (PNG 3, 5.3). */
function* chunksOf(png: Buffer): Iterable<Chunk> {
  for (let start = SIGNATURE_BYTES; start + 12 <= png.length; ) {
    const end = start + 12 + png.readUInt32BE(start)
    if (end > png.length) return
    yield {
      type: png.toString('latin1', start + 4, start + 8),
      data: png.subarray(start + 8, end - 4),
      whole: png.subarray(start, end)
    }
    start = end
  }
}

const PIXELS = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'])

/** A PNG with nothing in it but its pixels. Encoders pass on resolutions, which tell of a camera or a scanner. */
export function pixelsOnly(png: Buffer): Buffer {
  const kept = [...chunksOf(png)].filter(({ type }) => PIXELS.has(type)).map(({ whole }) => whole)
  return Buffer.concat([png.subarray(0, SIGNATURE_BYTES), ...kept])
}

/** Texts of editing programs reach a few megabytes; profiles less. */
const MAX_INFLATED_BYTES = 16_777_216

/** Cameras and editing programs write a few dozen; to begin inflating takes longer than to inflate a small one. */
const MAX_INFLATED_CHUNKS = 256

/**
 * Whether the texts and the colour profile of a PNG are, all together, far larger or more than they seem, which only an attack makes
 * them. Decoders skip such chunks; a picture that holds them is still nobody's photo.
 */
export function hidesLargeMetadata(png: Buffer): boolean {
  let [chunks, bytes] = [0, 0]
  for (const { type, data } of chunksOf(png)) {
    const compressed = compressedPart(type, data)
    if (!compressed) continue
    chunks++
    if (chunks > MAX_INFLATED_CHUNKS) return true
    bytes += inflatedBytes(compressed, MAX_INFLATED_BYTES - bytes)
    if (bytes >= MAX_INFLATED_BYTES) return true
  }
  return false
}

/** What stands compressed in a chunk: behind a keyword, and in `iTXt` behind a language and a translation (PNG 3, 11.3.3). */
function compressedPart(type: string, data: Buffer): Buffer | undefined {
  const keywordEnd = data.indexOf(0)
  if (keywordEnd < 0) return undefined
  if (type === 'zTXt' || type === 'iCCP') return data.subarray(keywordEnd + 2)
  if (type !== 'iTXt' || data[keywordEnd + 1] !== 1) return undefined
  const languageEnd = data.indexOf(0, keywordEnd + 3)
  const translationEnd = languageEnd < 0 ? -1 : data.indexOf(0, languageEnd + 1)
  return translationEnd < 0 ? undefined : data.subarray(translationEnd + 1)
}

/** @param max counting stops here */
function inflatedBytes(compressed: Buffer, max: number): number {
  try {
    return inflateSync(compressed, { maxOutputLength: max }).length
  } catch (error) {
    // Damaged metadata is skipped by decoders, like any other.
    return error instanceof RangeError ? max : 0
  }
}
