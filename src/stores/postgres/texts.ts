import { createHash } from 'node:crypto'

/**
 * PostgreSQL's texts can't hold U+0000. It is kept as U+0001 and `0`, and U+0001 itself as U+0001 and `1`, so that every
 * text comes back as it went in, and no two become one. Lone surrogates become U+FFFD, as they do in SQLite.
 */
export const escapeText = (text: string): string =>
  SPECIAL.test(text) ? text.replaceAll(ESCAPE, `${ESCAPE}1`).replaceAll('\0', `${ESCAPE}0`) : text

export const unescapeText = (text: string): string =>
  text.includes(ESCAPE) ? text.replace(ESCAPED, (_match, digit) => (digit === '0' ? '\0' : ESCAPE)) : text

const ESCAPE = '\u0001'
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const SPECIAL = /[\0\u0001]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const ESCAPED = /\u0001([01])/g

/** An entry of an index has to fit a third of a page, 2704 bytes; a character has four at most. */
const MAX_KEY_CHARACTERS = 300

/**
 * A text as a key column has it: a long one, such as the id of a token that was minted elsewhere, by its hash. Short ones that
 * begin as hashes do are hashed too, so that no two become one.
 */
export const keyText = (text: string): string =>
  text.length <= MAX_KEY_CHARACTERS && !text.startsWith(ESCAPE)
    ? text
    : ESCAPE + createHash('sha256').update(text).digest('hex')
