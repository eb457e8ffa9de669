import sharp from 'sharp'
import { heavyPictures } from '../../test/hostile/heavy-pictures.ts'
import { bombs } from '../../test/made-pictures/bombs.ts'
import { greyScene, scene, toAnimation } from '../../test/made-pictures/scene.ts'

/** A picture to be uploaded, and the answers that it may get. */
export interface Bomb {
  name: string
  bytes: Buffer
  /** Besides 503, which every picture may get where there is no memory left. */
  statuses: readonly number[]
}

const REFUSED = [400]
/** What costs as much as the limits allow is a picture like others. */
const TAKEN_OR_REFUSED = [200, 400]

/** Pictures that are small files and want more memory than there is, and those that are as large as the limits let them be. */
export async function makeBombs(): Promise<Bomb[]> {
  const png = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#789' } })
    .png()
    .toBuffer()
  const wide = sharp({ create: { width: 12_000, height: 9000, channels: 3, background: '#789' } })
  const [one, other] = [scene(64, 48), greyScene(64, 48)]
  const frames = await toAnimation(
    Array.from({ length: 1200 }, (_, index) => (index % 2 === 0 ? one : other))
  )
  const refused: [name: string, bytes: Buffer][] = [
    ...Object.entries(bombs(png)),
    ['WebP of 108 million pixels', await wide.clone().webp({ effort: 0, lossless: true }).toBuffer()],
    ['AVIF of 108 million pixels', await wide.clone().avif({ effort: 0 }).toBuffer()],
    ['GIF of 1,200 frames', await frames.clone().gif({ effort: 1 }).toBuffer()],
    ['WebP of 1,200 frames', await frames.clone().webp({ effort: 0 }).toBuffer()]
  ]
  return [
    ...refused.map(([name, bytes]) => ({ name, bytes, statuses: REFUSED })),
    ...(await heavyPictures()).map(([name, bytes]) => ({ name, bytes, statuses: TAKEN_OR_REFUSED }))
  ]
}
