import type { Database } from 'better-sqlite3'

/** Enough to see what is wrong; of a broken file every page is. */
const MOST = 5

/** What SQLite's own checks find wrong with a database, a few sentences; none where all is well. */
export function findFileDamage(database: Database): string[] {
  const pages = database.pragma(`integrity_check(${MOST})`) as { integrity_check: string }[]
  const damage = pages.flatMap(({ integrity_check: text }) => (text === 'ok' ? [] : text))
  // Of a broken file it may not even end.
  if (damage.length > 0) return damage
  const rows = database.pragma('foreign_key_check') as { table: string; rowid: number }[]
  return rows.slice(0, MOST).map(({ table, rowid }) => `row ${rowid} of ${table} refers to nothing`)
}
