/** Control, formatting and unassigned characters, halves of surrogate pairs, and line ends of any kind. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu

/** What JSON leaves as it is of characters that a terminal may take for orders. */
const UNPRINTABLE_IN_JSON = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu

/**
 * A text from strangers for a terminal: what would move its cursor, colour it, or turn the direction of writing shows as its
 * code point, such as `\u{1b}`.
 */
export const printable = (text: string): string =>
  text.replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)

/** One line of JSON that a terminal shows as it is. */
export const printableJson = (value: object): string =>
  JSON.stringify(value).replace(UNPRINTABLE_IN_JSON, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join('')
  )
