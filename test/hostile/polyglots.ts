import { crc32 } from 'node:zlib'
import { scene, toSharp } from '../made-pictures/scene.ts'
import { writeGif } from '../made-pictures/write-gif.ts'
import { insertChunks, pngChunk } from '../made-pictures/write-png.ts'
import { writeTiff } from '../made-pictures/write-tiff.ts'

/** In every payload, and nowhere else. */
export const MARKER = 'marker-of-the-payload-5d1f'

/** What no stored picture may hold. */
export const TRACES = [MARKER, '<script', '<html', '%PDF-', '<?php', 'PK\x03\x04', 'PK\x01\x02', 'META-INF']

const payloads = (): Record<string, Buffer> => ({
  HTML: Buffer.from(`<html><body><script>alert("${MARKER}")</script></body></html>`),
  JavaScript: Buffer.from(`*/=0;alert("${MARKER}")//`),
  PHP: Buffer.from(`<?php echo "${MARKER}"; ?>`),
  PDF: pdf(),
  ZIP: zip('META-INF/MANIFEST.MF', Buffer.from(`Main-Class: ${MARKER}\n`))
})

/** Files that are a picture, and something else as well. */
export async function polyglots(): Promise<Record<string, [name: string, bytes: Buffer][]>> {
  const image = () => toSharp(scene())
  const pictures: Record<string, Buffer> = {
    jpeg: await image().jpeg().toBuffer(),
    png: await image().png().toBuffer(),
    webp: await image().webp().toBuffer(),
    avif: await image().avif().toBuffer(),
    gif: await image().gif().toBuffer(),
    tiff: await image().tiff({ compression: 'lzw' }).toBuffer()
  }
  return Object.fromEntries(
    Object.entries(pictures).map(([kind, picture]) => [
      kind,
      Object.entries(payloads()).flatMap(([name, payload]): [string, Buffer][] => [
        [`${name} behind it`, Buffer.concat([picture, payload])],
        [`${name} in front of it`, Buffer.concat([payload, picture])],
        ...inside(kind, picture, payload).map((bytes, index): [string, Buffer] => [
          `${name} inside it, ${index}`,
          bytes
        ])
      ])
    ])
  )
}

function inside(kind: string, picture: Buffer, payload: Buffer): Buffer[] {
  switch (kind) {
    case 'jpeg':
      return [0xfe, 0xe1, 0xe2, 0xed, 0xef].map((marker) => withSegment(picture, marker, payload))
    case 'png':
      return [
        pngChunk('tEXt', Buffer.concat([Buffer.from('Comment\0'), payload])),
        pngChunk('iTXt', Buffer.concat([Buffer.from('Comment\0\0\0\0\0'), payload])),
        pngChunk('eXIf', Buffer.concat([Buffer.from('II*\0'), payload])),
        pngChunk('zzZz', payload)
      ].flatMap((chunk) => [insertChunks(picture, [chunk]), behindPixels(picture, chunk)])
    case 'webp':
      return ['EVIL', 'EXIF', 'XMP '].map((type) => withRiffChunk(picture, type, payload))
    case 'avif':
      return ['free', 'skip', 'uuid', 'mdat'].map((type) => withBox(picture, type, payload))
    case 'gif':
      return [withComment(picture, payload), commentFromWidth(payload)]
    default:
      return [writeTiff([scene()], { description: payload.toString('latin1') })]
  }
}

function withSegment(jpeg: Buffer, marker: number, payload: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(payload.length + 2, 2)
  return Buffer.concat([jpeg.subarray(0, 2), head, payload, jpeg.subarray(2)])
}

const behindPixels = (png: Buffer, chunk: Buffer) =>
  Buffer.concat([png.subarray(0, -12), chunk, png.subarray(-12)])

function withRiffChunk(webp: Buffer, type: string, payload: Buffer): Buffer {
  const head = Buffer.from(`${type}\0\0\0\0`)
  head.writeUInt32LE(payload.length, 4)
  const bytes = Buffer.concat([webp, head, payload, Buffer.alloc(payload.length % 2)])
  bytes.writeUInt32LE(bytes.length - 8, 4)
  return bytes
}

function withBox(avif: Buffer, type: string, payload: Buffer): Buffer {
  const head = Buffer.from(`\0\0\0\0${type}`)
  head.writeUInt32BE(8 + payload.length, 0)
  return Buffer.concat([avif, head, payload])
}

/** A comment in front of the last byte. */
function withComment(gif: Buffer, payload: Buffer): Buffer {
  const blocks: Buffer[] = []
  for (let at = 0; at < payload.length; at += 255) {
    const block = payload.subarray(at, at + 255)
    blocks.push(Buffer.from([block.length]), block)
  }
  return Buffer.concat([
    gif.subarray(0, -1),
    Buffer.from([0x21, 0xfe]),
    ...blocks,
    Buffer.from([0]),
    gif.subarray(-1)
  ])
}

/** The width is a comment's beginning: as a script, everything up to the payload is one name, and a comment. */
function commentFromWidth(payload: Buffer): Buffer {
  const frame = { width: 8, height: 8, indices: new Uint8Array(64).fill(1) }
  const width = Buffer.from('/*').readUInt16LE()
  const gif = writeGif({ width, height: 10, palette: [[255, 0, 0]], frames: [frame] })
  return Buffer.concat([gif, payload])
}

function pdf(): Buffer {
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    `<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Title(${MARKER})>>`
  ]
  const body = objects.map((object, index) => `${index + 1} 0 obj${object}endobj\n`).join('')
  return Buffer.from(`%PDF-1.4\n${body}trailer<</Root 1 0 R>>\n%%EOF\n`)
}

/** A ZIP of one file that is not compressed (APPNOTE 4.3). */
function zip(name: string, data: Buffer): Buffer {
  const named = Buffer.from(name)
  const facts = Buffer.alloc(26)
  facts.writeUInt16LE(20, 0)
  facts.writeUInt32LE(crc32(data), 10)
  facts.writeUInt32LE(data.length, 14)
  facts.writeUInt32LE(data.length, 18)
  facts.writeUInt16LE(named.length, 22)
  const file = Buffer.concat([Buffer.from('PK\x03\x04'), facts, named, data])
  const entry = Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), facts, Buffer.alloc(14), named])
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(entry.length, 12)
  end.writeUInt32LE(file.length, 16)
  return Buffer.concat([file, entry, end])
}
