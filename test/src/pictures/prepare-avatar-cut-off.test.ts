import t from 'tap'
import { cutOff } from '../../hostile/damage.ts'
import { decode, difference } from '../../made-pictures/compare.ts'
import { animationFrames, corpus } from '../../made-pictures/corpus.ts'
import { prepare } from '../../made-pictures/prepare.ts'
import { toAnimation } from '../../made-pictures/scene.ts'

/** Behind its pixels a TIFF keeps its profile: without it every pixel is there, in colours that are a little paler. */
const PROFILE_LOST = 'tiff, Display P3, at 95 %'

t.test('a picture that is cut off is refused, or has lost nothing that is stored', async (t) => {
  const taken: string[] = []
  for (const [kind, samples] of Object.entries(await corpus())) {
    for (const { name, bytes, original } of samples) {
      const whole = (await prepare(bytes)).bytes
      for (const [percent, cut] of cutOff(bytes)) {
        const stored = await prepare(cut).catch(() => undefined)
        if (!stored || stored.bytes.equals(whole)) continue
        taken.push(`${kind}, ${name}, at ${percent} %`)
        t.ok(difference(await decode(stored.bytes), original) < 15, 'no pixel is lost')
      }
    }
  }
  t.strictSame(taken, [PROFILE_LOST])
})

t.test('an animation that is cut off anywhere is refused', async (t) => {
  const image = await toAnimation(animationFrames())
  const animations = { gif: image.clone().gif(), webp: image.clone().webp() }
  for (const [kind, encoder] of Object.entries(animations)) {
    const bytes = await encoder.toBuffer()
    for (const [percent, cut] of cutOff(bytes))
      await t.rejects(prepare(cut), { name: 'InvalidPictureError' }, `${kind} at ${percent} %`)
  }
})
