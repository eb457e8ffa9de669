import sharp from 'sharp'
import t from 'tap'
import { buildTestApp, type FilePart } from '../helper.ts'
import { quarters } from '../pictures.ts'

/**
 * What a camera or an editor writes beside the pixels (element-web issue 4955, strapi issue 6768): place, names, an earlier
 * picture in small. None of its bytes are in what is stored, nor in the squares that are made of it.
 */
const MARKS = {
  exif: 'mark-of-exif-71a',
  gps: 'mark-of-gps-82b',
  thumbnail: 'mark-of-thumbnail-93c',
  xmp: 'mark-of-xmp-a4d',
  iptc: 'mark-of-iptc-b5e',
  comment: 'mark-of-comment-c6f',
  icc: 'mark-of-icc-d70',
  maker: 'mark-of-maker-e81'
}
/** The names that containers have for it. */
const CONTAINERS = [
  'Exif',
  'http://ns.adobe.com',
  'x:xmpmeta',
  'Photoshop 3.0',
  '8BIM',
  'ICC_PROFILE',
  'GPS',
  'MPF\0'
]

function segment(marker: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(content.length + 2, 2)
  return Buffer.concat([head, content])
}

interface Entry {
  tag: number
  type: 'ascii' | 'long' | 'bytes'
  value: Buffer
}

const TYPES = { ascii: 2, long: 4, bytes: 7 }

/** A folder of TIFF 6.0, at an offset: its entries, where the next one is, and the values that don't fit in. */
function folder(at: number, entries: Entry[], next: number): Buffer {
  const head = Buffer.alloc(2 + 12 * entries.length + 4)
  const values: Buffer[] = []
  let end = at + head.length
  head.writeUInt16LE(entries.length, 0)
  for (const [index, { tag, type, value }] of entries.entries()) {
    const place = 2 + 12 * index
    head.writeUInt16LE(tag, place)
    head.writeUInt16LE(TYPES[type], place + 2)
    head.writeUInt32LE(type === 'long' ? 1 : value.length, place + 4)
    if (value.length <= 4) {
      value.copy(head, place + 8)
      continue
    }
    head.writeUInt32LE(end, place + 8)
    values.push(value)
    end += value.length
  }
  head.writeUInt32LE(next, head.length - 4)
  return Buffer.concat([head, ...values])
}

const ascii = (tag: number, text: string): Entry => ({ tag, type: 'ascii', value: Buffer.from(`${text}\0`) })
function long(tag: number, value: number): Entry {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return { tag, type: 'long', value: bytes }
}

/** EXIF 2.32 as a camera writes it: who made it, a place, the maker's own notes, and a picture in small (IFD1). */
function exif(thumbnail: Buffer): Buffer {
  const [start, exifAt, gpsAt, smallAt, thumbnailAt] = [8, 300, 600, 800, 1000]
  const block = Buffer.alloc(thumbnailAt + thumbnail.length)
  block.write('II*\0\x08\0\0\0', 'latin1')
  folder(
    start,
    [ascii(0x10e, MARKS.exif), ascii(0x10f, MARKS.exif), long(0x8769, exifAt), long(0x8825, gpsAt)],
    smallAt
  ).copy(block, start)
  folder(exifAt, [{ tag: 0x927c, type: 'bytes', value: Buffer.from(MARKS.maker.repeat(3)) }], 0).copy(
    block,
    exifAt
  )
  folder(gpsAt, [ascii(1, 'N'), ascii(0x1d, MARKS.gps)], 0).copy(block, gpsAt)
  folder(smallAt, [long(0x201, thumbnailAt), long(0x202, thumbnail.length)], 0).copy(block, smallAt)
  thumbnail.copy(block, thumbnailAt)
  return block
}

const XMP = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">${MARKS.xmp}</rdf:RDF></x:xmpmeta>`

/** Photoshop's block of IPTC: its record 2, data set 80, the author. */
function iptc(): Buffer {
  const value = Buffer.from(MARKS.iptc)
  const record = Buffer.concat([Buffer.from([0x1c, 2, 80, 0, value.length]), value])
  const size = Buffer.alloc(4)
  size.writeUInt32BE(record.length)
  return Buffer.concat([
    Buffer.from('Photoshop 3.0\x008BIM\x04\x04\0\0'),
    size,
    record,
    Buffer.alloc(record.length % 2)
  ])
}

async function markedJpeg(): Promise<Buffer> {
  const small = await (await quarters(32)).jpeg().toBuffer()
  const thumbnail = Buffer.concat([
    small.subarray(0, 2),
    segment(0xfe, Buffer.from(MARKS.thumbnail)),
    small.subarray(2)
  ])
  const jpeg = await (await quarters(200)).jpeg().toBuffer()
  return Buffer.concat([
    jpeg.subarray(0, 2),
    segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), exif(thumbnail)])),
    segment(0xe1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0${XMP}`)),
    segment(0xe2, Buffer.from(`ICC_PROFILE\0\x01\x01${MARKS.icc}`)),
    segment(0xe2, Buffer.from(`MPF\0II*\0${MARKS.thumbnail}`)),
    segment(0xed, iptc()),
    segment(0xfe, Buffer.from(MARKS.comment)),
    jpeg.subarray(2)
  ])
}

t.test('no byte of it is stored or served', async (t) => {
  const { signUp, update, call, pictures } = await buildTestApp(t)
  const ada = await signUp()
  const marked = (await quarters(200)).withExif({
    IFD0: { ImageDescription: MARKS.exif, Artist: MARKS.exif },
    IFD3: { GPSLatitudeRef: 'N', GPSDateStamp: MARKS.gps }
  })
  const files: [kind: string, bytes: Buffer, marks: string[]][] = [
    ['JPEG', await markedJpeg(), Object.values(MARKS)],
    // Compressed, its XMP is not found as bytes.
    ['PNG', await marked.clone().withXmp(XMP).png().toBuffer(), [MARKS.exif]],
    ['WebP', await marked.clone().withXmp(XMP).webp().toBuffer(), [MARKS.exif, MARKS.xmp]],
    ['AVIF', await marked.clone().withXmp(XMP).avif().toBuffer(), [MARKS.exif, MARKS.xmp]],
    ['TIFF', await marked.clone().withXmp(XMP).tiff().toBuffer(), [MARKS.xmp]]
  ]
  for (const [kind, bytes, marks] of files) {
    for (const mark of marks) t.ok(bytes.includes(mark), `${kind} has ${mark} to lose`)
    const file: FilePart = { bytes, name: `${MARKS.comment}.jpg` }
    const response = await update(ada, { form: [['avatar', file]] })
    t.equal(response.statusCode, 200, `${kind}: ${response.body}`)
    const url: string = response.json().avatar
    for (const path of [url, ...[32, 64, 128, 256].map((side) => url.replace(/\.\w+$/, `@${side}.webp`))]) {
      const { statusCode, rawPayload } = await call('GET', path)
      t.equal(statusCode, 200, path)
      for (const trace of [...Object.values(MARKS), ...CONTAINERS])
        t.notOk(rawPayload.includes(trace, 0, 'latin1'), `${kind}, ${path}: ${trace}`)
      const { exif: left, xmp, iptc: other, icc, comments } = await sharp(rawPayload).metadata()
      t.strictSame([left, xmp, other, icc, comments], Array(5).fill(undefined), `${kind}, ${path}`)
    }
    t.notMatch(pictures().join(), /mark-of/)
  }
})

t.test('sharp reads what was written here, so that it counts that it is gone', async (t) => {
  const { exif: written, xmp, iptc: other } = await sharp(await markedJpeg()).metadata()
  for (const mark of [MARKS.exif, MARKS.gps, MARKS.maker, MARKS.thumbnail])
    t.ok(written?.includes(mark), mark)
  t.ok(xmp?.includes(MARKS.xmp))
  t.ok(other?.includes(MARKS.iptc))
})
