import sharp from 'sharp'
import t from 'tap'
import { InvalidPictureError } from '../../../src/pictures/invalid-picture.ts'
import { besidePixels } from '../../made-pictures/beside-pixels.ts'
import { prepare } from '../../made-pictures/prepare.ts'
import { MAKER, phonePhoto, quarters } from '../../pictures.ts'

t.test('metadata and what hides behind the picture are gone', async (t) => {
  const photo = await phonePhoto(await quarters(200), 1).toBuffer()
  const tails = [Buffer.from('<script>alert(1)</script>'), Buffer.from('PK\x03\x04 a zip'), Buffer.alloc(0)]
  for (const tail of tails) {
    const { bytes } = await prepare(Buffer.concat([photo, tail]))
    t.strictSame(await besidePixels(bytes), [])
    for (const trace of [MAKER, 'Exif', 'script', 'PK\x03\x04']) t.notOk(bytes.includes(trace), trace)
  }
})

t.test('every kind of metadata is gone from every format', async (t) => {
  const marked = (await quarters(60))
    .withExif({ IFD0: { Make: MAKER, ImageDescription: MAKER }, IFD3: { GPSLatitudeRef: 'N' } })
    .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/">${MAKER}</x:xmpmeta>`)
    .withIccProfile('p3')
    .withDensity(301)
  const pictures = [
    marked.clone().jpeg(),
    marked.clone().png(),
    marked.clone().webp(),
    marked.clone().tiff(),
    marked.clone().avif()
  ]
  for (const picture of pictures) {
    const sent = await picture.toBuffer()
    const { format, xmp } = await sharp(sent).metadata()
    t.ok(xmp?.includes(MAKER), `${format} has something to lose`)
    const { bytes } = await prepare(sent)
    t.strictSame(await besidePixels(bytes), [], format)
    t.notOk(bytes.includes(MAKER), format)
    t.notMatch(await sharp(bytes).metadata(), { density: 301 }, format)
  }
})

t.test('what only looks like a picture is refused', async (t) => {
  const others = [
    Buffer.from('GIF89a'),
    Buffer.from('GIF89a\x01\0\x01\0\0\0\0;'),
    Buffer.from('RIFF\0\0\0\0WEBPVP8 '),
    Buffer.from('\x89PNG\r\n\x1a\n and then nothing', 'latin1'),
    Buffer.from('\0\0\0\x1cftypavif\0\0\0\0avifmif1', 'latin1'),
    Buffer.from('\xff\xd8\xff\xe0 no picture', 'latin1'),
    Buffer.from('II*\0\x08\0\0\0\0\0\0\0'),
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    Buffer.alloc(0),
    Buffer.alloc(1000)
  ]
  for (const bytes of others) await t.rejects(prepare(bytes), InvalidPictureError)
})

t.test('a picture under another format’s signature is refused', async (t) => {
  const signatures = {
    jpeg: 'ffd8ffe0',
    png: '89504e470d0a1a0a',
    gif: '474946383961',
    tiff: '49492a00'
  }
  const image = await quarters()
  for (const encoder of [
    image.clone().jpeg(),
    image.clone().png(),
    image.clone().webp(),
    image.clone().gif()
  ]) {
    const picture = await encoder.toBuffer()
    for (const signature of Object.values(signatures)) {
      const disguised = Buffer.from(picture)
      const written = disguised.write(signature, 'hex')
      if (picture.compare(disguised, 0, written, 0, written) === 0) continue
      await t.rejects(prepare(disguised), InvalidPictureError)
      await t.rejects(prepare(Buffer.concat([Buffer.from(signature, 'hex'), picture])), InvalidPictureError)
    }
  }
})
