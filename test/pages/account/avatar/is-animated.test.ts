import sharp from 'sharp'
import t from 'tap'
import { isAnimated } from '../../../../pages/account/avatar/crop/is-animated.ts'
import { jpeg, png } from '../../../pictures.ts'

const frame = (background: string) =>
  sharp({ create: { width: 8, height: 8, channels: 3, background } })
    .png()
    .toBuffer()

t.test('pictures that may move are known by their first bytes', async (t) => {
  const frames = await Promise.all(['#f00', '#00f'].map(frame))
  const moving = () => sharp(frames, { join: { animated: true } })
  const still = () => sharp(frames[0])
  const through = sharp({ create: { width: 8, height: 8, channels: 4, background: '#0000' } })
  const files: [name: string, bytes: Buffer, moves: boolean][] = [
    ['GIF', await moving().gif().toBuffer(), true],
    ['WebP', await moving().webp().toBuffer(), true],
    ['still WebP', await still().webp().toBuffer(), false],
    ['still WebP that shows through', await through.webp({ lossless: true }).toBuffer(), false],
    ['JPEG', await jpeg(), false],
    ['PNG', await png(), false],
    ['no bytes', Buffer.alloc(0), false]
  ]
  for (const [name, bytes, moves] of files)
    t.equal(await isAnimated(new Blob([new Uint8Array(bytes)])), moves, name)
})
