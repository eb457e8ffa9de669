import t from 'tap'
import { parseVariantName, picturesOf, variantName, variantNames } from '../../../src/avatars/media-names.ts'
import type { MediaKey } from '../../../src/avatars/media-store.ts'

const STEM = '0123456789abcdef0123456789abcdef'
const key = (name: string) => name as MediaKey

t.test('a picture’s squares are named after it, whatever its format', async (t) => {
  for (const ending of ['jpg', 'png', 'webp'])
    t.equal(variantName(key(`${STEM}.${ending}`), 64), `${STEM}@64.webp`)
  t.strictSame(
    variantNames(key(`${STEM}.jpg`)),
    [32, 64, 128, 256].map((side) => `${STEM}@${side}.webp`)
  )
})

t.test('names from elsewhere have no squares', async (t) => {
  for (const name of [
    'image.jpg',
    `${STEM}.gif`,
    `${STEM}@64.webp`,
    `${STEM}`,
    `.${STEM}.tmp`,
    `X${STEM}.jpg`
  ]) {
    t.equal(variantName(key(name), 64), undefined, name)
    t.strictSame(variantNames(key(name)), [], name)
  }
})

t.test(
  'a square’s name says its side and the pictures that it may be of; no other side is one',
  async (t) => {
    t.strictSame(parseVariantName(`${STEM}@128.webp`), {
      side: 128,
      pictures: [`${STEM}.jpg`, `${STEM}.png`, `${STEM}.webp`]
    })
    for (const name of [
      '@33.webp',
      '@0128.webp',
      '@128.jpg',
      '@128.webp.webp',
      '@.webp',
      '@-32.webp',
      '.jpg'
    ])
      t.equal(parseVariantName(STEM + name), undefined, name)
  }
)

t.test('a square is in use with its picture; any other file by its own name', async (t) => {
  t.strictSame(picturesOf(key(`${STEM}@32.webp`)), [`${STEM}.jpg`, `${STEM}.png`, `${STEM}.webp`])
  for (const name of [`${STEM}.jpg`, `${STEM}@33.webp`, 'image.jpg', '.x.tmp'])
    t.strictSame(picturesOf(key(name)), [name])
})
