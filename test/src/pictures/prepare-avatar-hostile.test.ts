import sharp from 'sharp'
import t from 'tap'
import { InvalidPictureError } from '../../../src/pictures/invalid-picture.ts'
import { type HostileFile, hostileFiles } from '../../hostile/hostile-files.ts'
import { MARKER, TRACES } from '../../hostile/polyglots.ts'
import { SEED } from '../../hostile/seeded.ts'
import { besidePixels } from '../../made-pictures/beside-pixels.ts'
import { prepare } from '../../made-pictures/prepare.ts'

/** Damaged headers may claim anything; nobody has to wait for what they get. */
const limits = { maxPixels: 1_000_000, maxAnimationPixels: 1_000_000, maxFrames: 100, maxSide: 128 }

/** Undefined where the file is refused as it should be; else what is stored, or what is wrong. */
async function outcome({ bytes }: HostileFile): Promise<Buffer | string | undefined> {
  try {
    return (await prepare(bytes, limits)).bytes
  } catch (error) {
    return error instanceof InvalidPictureError ? undefined : `it was refused with ${error}`
  }
}

async function faultOf(stored: Buffer): Promise<string | undefined> {
  const traces = TRACES.filter((trace) => stored.includes(trace, 0, 'latin1'))
  if (traces.length > 0) return `it holds ${traces.join(', ')}`
  try {
    await sharp(stored, { pages: -1, failOn: 'warning' }).raw().toBuffer()
    const others = await besidePixels(stored)
    return others.length > 0 ? `it holds ${others.join(', ')}` : undefined
  } catch (error) {
    return `it can't be read: ${error}`
  }
}

t.comment(`seed: ${SEED}`)
const files = await hostileFiles(SEED, { damaged: 300, random: 20 })

for (const [kind, hostile] of Object.entries(files)) {
  t.test(`a hostile ${kind} is refused as a picture, or becomes a clean one`, async (t) => {
    const faults: string[] = []
    let refused = 0
    for (const file of hostile) {
      const stored = await outcome(file)
      if (stored === undefined) refused++
      else {
        const fault = typeof stored === 'string' ? stored : await faultOf(stored)
        if (fault !== undefined) faults.push(`${file.name}: ${fault}`)
      }
    }
    t.comment(`${hostile.length} files, ${refused} refused`)
    t.strictSame(faults, [])
  })
}

t.test('the payloads are there to be found', async (t) => {
  const polyglots = Object.values(files)
    .flat()
    .filter(({ fault }) => fault === 'polyglot')
  t.ok(polyglots.length > 100)
  t.ok(polyglots.every(({ bytes }) => bytes.includes(MARKER)))
})

t.test('some polyglots are pictures, so that it counts what is left of them', async (t) => {
  for (const [kind, hostile] of Object.entries(files)) {
    const polyglots = hostile.filter(({ fault }) => fault === 'polyglot')
    const stored = await Promise.all(polyglots.map(outcome))
    t.ok(stored.filter((one) => one instanceof Buffer).length >= 5, kind)
    for (const [index, { name }] of polyglots.entries())
      if (name.includes('in front')) t.equal(stored[index], undefined, `${kind}: ${name}`)
  }
})
