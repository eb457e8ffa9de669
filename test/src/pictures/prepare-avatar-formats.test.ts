import sharp from 'sharp'
import t from 'tap'
import { besidePixels } from '../../made-pictures/beside-pixels.ts'
import { decode, difference } from '../../made-pictures/compare.ts'
import { corpus } from '../../made-pictures/corpus.ts'
import { prepare } from '../../made-pictures/prepare.ts'

const CHANNELS = { withAlpha: 4, opaque: 3 }

for (const [kind, samples] of Object.entries(await corpus())) {
  t.test(`each ${kind} comes out as it was, in sRGB, 8 bits deep, with nothing but pixels`, async (t) => {
    for (const { name, bytes, storedAs, original, within, alpha = false } of samples) {
      const picture = await prepare(bytes)
      t.equal(picture.format, storedAs, name)
      const { space, channels, hasAlpha } = await sharp(picture.bytes).metadata()
      t.strictSame(
        { space, channels, hasAlpha },
        { space: 'srgb', channels: alpha ? CHANNELS.withAlpha : CHANNELS.opaque, hasAlpha: alpha },
        name
      )
      const stored = await decode(picture.bytes)
      t.strictSame([stored.width, stored.height], [original.width, original.height], name)
      const apart = difference(stored, original)
      t.ok(apart <= within, `${name}: ${apart.toFixed(2)} of ${within} apart`)
      t.strictSame(await besidePixels(picture.bytes), [], name)
    }
  })
}
