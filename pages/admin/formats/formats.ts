import { type Language, language } from '../../shared/language/language.ts'

/** The language as the browser's user writes it, such as Mexico's Spanish, where the page speaks it. */
const tagOf = (current: Language): string =>
  navigator.languages.find((tag) => tag.toLowerCase().startsWith(current)) ?? current

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const

/** How numbers and times are written in the page's language. */
export interface Formats {
  number(value: number): string
  /** Such as `4.2 GB`. */
  bytes(count: number): string
  /** @param time in ISO 8601 */
  date(time: string): string
  /** With the time of day. */
  time(time: string): string
}

function formatsOf(tag: string): Formats {
  const numbers = new Intl.NumberFormat(tag)
  const dates = new Intl.DateTimeFormat(tag, { dateStyle: 'medium' })
  const times = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' })
  return {
    number: (value) => numbers.format(value),
    bytes(count) {
      const power = Math.min(
        Math.max(Math.floor(Math.log10(Math.max(count, 1)) / 3), 0),
        BYTE_UNITS.length - 1
      )
      const value = count / 1000 ** power
      return new Intl.NumberFormat(tag, {
        style: 'unit',
        unit: BYTE_UNITS[power],
        unitDisplay: power === 0 ? 'long' : 'short',
        maximumFractionDigits: power === 0 || value >= 100 ? 0 : 1
      }).format(value)
    },
    date: (time) => dates.format(new Date(time)),
    time: (time) => times.format(new Date(time))
  }
}

const kept = new Map<string, Formats>()

export function useFormats(): Formats {
  const tag = tagOf(language.use())
  const formats = kept.get(tag) ?? formatsOf(tag)
  kept.set(tag, formats)
  return formats
}
