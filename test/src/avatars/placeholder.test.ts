import sharp from 'sharp'
import t from 'tap'
import {
  drawPlaceholder,
  PLACEHOLDER_COLOURS,
  parsePlaceholderName,
  placeholderName
} from '../../../src/avatars/placeholder.ts'

t.test('a name says what is drawn, there and back', async (t) => {
  for (const placeholder of [
    { initials: 'AL', colour: 0 },
    { initials: '山', colour: 11 },
    { initials: '𝔄ß', colour: 5 },
    { initials: '', colour: 6 }
  ])
    t.strictSame(parsePlaceholderName(placeholderName(placeholder)), placeholder)
})

t.test('every other name is none', async (t) => {
  const names = [
    '',
    'A',
    'A.svg',
    'A-.svg',
    'A-12.svg',
    'A-01.svg',
    'A--1.svg',
    'ABC-1.svg',
    '<b-1.svg',
    '"/-1.svg',
    'A-1.svgx',
    'A-1.png',
    'A B-1.svg',
    '&#-1.svg',
    'A\n-1.svg',
    'A-1.svg\n',
    '\u0301-1.svg'
  ]
  for (const name of names) t.equal(parsePlaceholderName(name), undefined, JSON.stringify(name))
})

t.test('it is a square picture of its colour, with something white in the middle', async (t) => {
  for (const initials of ['AL', 'W', '']) {
    const svg = drawPlaceholder({ initials, colour: 7 })
    const { data, info } = await sharp(Buffer.from(svg))
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    t.strictSame([info.width, info.height], [256, 256])
    t.strictSame([...data.subarray(0, 3)], [0x37, 0x6f, 0xa6], 'the corner')
    const white = Array.from({ length: 256 * 256 }, (_, i) => i).filter((i) => data[i * 3] === 255)
    t.ok(white.length > 1000, initials)
  }
})

/** Of a colour against white (WCAG 2.2, contrast ratio). */
function contrastToWhite(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const value = Number.parseInt(hex.slice(start, start + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
}

t.test('white can be read on every colour', async (t) => {
  for (const colour of PLACEHOLDER_COLOURS) t.ok(contrastToWhite(colour) >= 4.5, colour)
})
