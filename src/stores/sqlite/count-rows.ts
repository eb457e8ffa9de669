import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Database } from 'better-sqlite3'
import { read } from './sqlite-errors.ts'

/** Rows that are read in one go, which takes a millisecond or two: no more than an index's pages are. */
const PIECE = 10_000

/**
 * Counts the rows that an index has, in pieces, so that requests have their turn in between.
 * @param column which the index is on; rows where it is null are not counted
 * @returns counts up to `most` rows; undefined where there are more
 */
export function prepareCount(
  database: Database,
  table: string,
  column: string
): (most: number) => Promise<number | undefined> {
  function prepare<Place extends unknown[]>(where: string) {
    // Where another column is the `rowid`, that is its name.
    const rows = `select ${column} key, rowid place from ${table} where ${column} is not null ${where} order by ${column}, rowid`
    const end = database.prepare<Place, EndOfPiece>(`${rows} limit 1 offset ${PIECE - 1}`)
    const rest = database.prepare<Place, number>(`select count(*) from (${rows} limit ${PIECE})`).pluck()
    return (...place: Place) => end.get(...place) ?? rest.get(...place) ?? 0
  }
  const first = prepare<[]>('')
  const next = prepare<[string | number, number]>(`and (${column}, rowid) > (?, ?)`)

  return async (most) => {
    let counted = 0
    let end = await read(() => first())
    while (typeof end !== 'number') {
      counted += PIECE
      if (counted > most) return undefined
      await nextTurn()
      const { key, place } = end
      end = await read(() => next(key, place))
    }
    return counted + end <= most ? counted + end : undefined
  }
}

/** The last row of a piece. */
interface EndOfPiece {
  key: string | number
  place: number
}
