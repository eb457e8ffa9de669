/** What `DjangoSource` gives, in our terms. Undefined is what can't be read. */

const TIME = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|\+00(?::?00)?)?$/

/** Epoch milliseconds. Finer parts are cut off, downwards before 1970 too. */
export function readTime(value: unknown): number | undefined {
  const match = typeof value === 'string' ? TIME.exec(value) : null
  if (!match) return undefined
  const [, year, month, day, hour, minute, second, fraction = ''] = match
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3))
  const parts = [Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)] as const
  const time = new Date(0)
  // `Date.UTC` would take the year 24 for 1924.
  time.setUTCFullYear(Number(year), parts[0], parts[1])
  time.setUTCHours(parts[2], parts[3], parts[4], milliseconds)
  const isReal =
    time.getUTCMonth() === parts[0] &&
    time.getUTCDate() === parts[1] &&
    time.getUTCHours() === parts[2] &&
    time.getUTCMinutes() === parts[3] &&
    time.getUTCSeconds() === parts[4]
  return isReal ? time.getTime() : undefined
}

const TRUTH = new Map<unknown, boolean>([
  [true, true],
  [1, true],
  ['1', true],
  ['t', true],
  ['true', true],
  [false, false],
  [0, false],
  ['0', false],
  ['f', false],
  ['false', false]
])

export const readBoolean = (value: unknown): boolean | undefined => TRUTH.get(value)

/** A text; a number is taken as its text, because phone numbers are kept as either. */
export function readText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined
}

/** Code points. */
export function lengthOf(text: string): number {
  let length = text.length
  for (let index = 0; index < text.length - 1; index++)
    if (isHigh(text.charCodeAt(index)) && isLow(text.charCodeAt(index + 1))) length--
  return length
}

const isHigh = (unit: number) => unit >= 0xd800 && unit <= 0xdbff
const isLow = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff
