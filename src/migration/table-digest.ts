import { createHash } from 'node:crypto'

/** What a table holds, in short: equal where all rows are equal to the byte. */
export interface TableDigest {
  rows: number
  /** Of the rows in the order of their keys, each a JSON array on a line, in lower-case hexadecimal digits. */
  sha256: string
}

const PIECE_CHARACTERS = 262_144

/** @returns takes a row's line; digest ends it */
export function createTableDigest(): { add(line: string): void; digest(): TableDigest } {
  const hash = createHash('sha256')
  let rows = 0
  let waiting = ''
  return {
    add(line) {
      rows++
      waiting += `${line}\n`
      if (waiting.length < PIECE_CHARACTERS) return
      hash.update(waiting)
      waiting = ''
    },
    digest: () => ({ rows, sha256: hash.update(waiting).digest('hex') })
  }
}
