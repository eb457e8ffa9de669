import { constants, deflateRawSync, deflateSync } from 'node:zlib'
import { insertChunks, PNG_SIGNATURE, pngChunk, pngHeader } from './write-png.ts'

const PIECE_BYTES = 10_000_000

/** Pieces that end on a byte can be put one behind the other. */
const piece = (bytes: number) =>
  deflateRawSync(Buffer.alloc(bytes), { level: 9, finishFlush: constants.Z_FULL_FLUSH })

/** A zlib stream of so many zeros, a thousandth as long, without ever having them in memory (RFC 1950). */
export function deflatedZeros(bytes: number): Buffer {
  const [one, pieces] = [piece(PIECE_BYTES), Math.floor(bytes / PIECE_BYTES)]
  const [last, checksum] = [Buffer.from([3, 0]), Buffer.alloc(4)]
  // Adler-32 of zeros: their number above, one below.
  checksum.writeUInt16BE(bytes % 65_521, 0)
  checksum.writeUInt16BE(1, 2)
  return Buffer.concat([
    Buffer.from([0x78, 0xda]),
    ...Array.from({ length: pieces }, () => one),
    piece(bytes % PIECE_BYTES),
    last,
    checksum
  ])
}

/** A black picture: small as a file, large as soon as it is decoded. */
export function blackPng(width: number, height: number): Buffer {
  return Buffer.concat([
    PNG_SIGNATURE,
    pngHeader({ width, height, depth: 8, colour: 'rgb' }),
    pngChunk('IDAT', deflatedZeros(height * (1 + 3 * width))),
    pngChunk('IEND')
  ])
}

/** The chunks of a PNG that hold something compressed, besides its pixels (PNG 3, 11.3.3). */
export const compressedChunks = {
  zTXt: (data: Buffer) => pngChunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0'), data])),
  iTXt: (data: Buffer) =>
    pngChunk('iTXt', Buffer.concat([Buffer.from('Comment\0\x01\0en\0Comment\0'), data])),
  iCCP: (data: Buffer) => pngChunk('iCCP', Buffer.concat([Buffer.from('profile\0\0'), data]))
}

/** An XMP packet as editing programs write it. */
export function xmpChunk(xmp: string, compressed: boolean): Buffer {
  const [flag, text] = compressed ? [1, deflateSync(xmp)] : [0, Buffer.from(xmp)]
  return pngChunk(
    'iTXt',
    Buffer.concat([Buffer.from(`XML:com.adobe.xmp\0${String.fromCharCode(flag)}\0\0\0`), text])
  )
}

/** Pictures that are small files and would cost far more than they look, each by what it is. */
export function bombs(png: Buffer): Record<string, Buffer> {
  const [large, some] = [deflatedZeros(500_000_000), deflatedZeros(10_000_000)]
  const chunks = Object.entries(compressedChunks)
  return {
    '14,000 × 14,000 pixels': blackPng(14_000, 14_000),
    '50,000 empty texts': insertChunks(
      png,
      Array.from({ length: 50_000 }, () => compressedChunks.zTXt(deflateSync('')))
    ),
    ...Object.fromEntries(
      chunks.map(([type, wrap]) => [`500 MB in ${type}`, insertChunks(png, [wrap(large)])])
    ),
    ...Object.fromEntries(
      chunks.map(([type, wrap]) => [
        `40 times 10 MB in ${type}`,
        insertChunks(
          png,
          Array.from({ length: 40 }, () => wrap(some))
        )
      ])
    )
  }
}
