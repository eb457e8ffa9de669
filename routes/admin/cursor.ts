import type { Parse } from './read-query.ts'

/** What a cursor is of: an id, or a key that is searched by. */
export type CursorKind = 'id' | 'key'

const MAX_CHARACTERS = 4096

/** Where a next page goes on, as clients get it: nothing that they should make themselves. */
export const writeCursor = (kind: CursorKind, value: string | number): string =>
  Buffer.from(`${kind}:${value}`).toString('base64url')

/** @param read what stands after the kind; undefined where that is none of this list's */
export const cursorOf =
  <Value>(kind: CursorKind, read: (text: string) => Value | undefined): Parse<Value> =>
  (text) => {
    const decoded = text.length > MAX_CHARACTERS ? '' : Buffer.from(text, 'base64url').toString('utf8')
    const isOurs = decoded.startsWith(`${kind}:`) && Buffer.from(decoded).toString('base64url') === text
    const value = isOurs ? read(decoded.slice(kind.length + 1)) : undefined
    return value === undefined ? { refusal: 'Invalid cursor.' } : { value }
  }
