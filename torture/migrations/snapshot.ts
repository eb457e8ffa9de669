import Database from 'better-sqlite3'
import { findFileDamage } from '../../src/stores/sqlite/file-damage.ts'

export interface Snapshot {
  /** What SQLite has written down of tables and indexes, and which migrations are recorded. */
  schema: string[]
  /** The rows of each table, as JSON. */
  rows: Map<string, Record<string, unknown>[]>
  damage: string[]
}

/** Everything in a database. */
export function readSnapshot(path: string): Snapshot {
  const database = new Database(path, { readonly: true })
  try {
    const schema = database
      .prepare<[], { name: string; type: string; sql: string | null }>(
        'select type, name, sql from sqlite_master order by type, name'
      )
      .all()
    const tables = schema.filter(({ type, name }) => type === 'table' && !/^(?:sqlite|__)/.test(name))
    const recorded = database.prepare('select hash, created_at from __drizzle_migrations order by created_at')
    const rows = tables.map(({ name }) => {
      const all = database.prepare<[], Record<string, unknown>>(`select * from ${name} order by 1`).all()
      return [name, all] as const
    })
    return {
      schema: [...schema, ...recorded.all()].map((one) => JSON.stringify(one)),
      rows: new Map(rows),
      damage: findFileDamage(database)
    }
  } finally {
    database.close()
  }
}

/** What of the rows that there were is not there any more, in the columns that there were. */
export function findLostRows(before: Snapshot, after: Snapshot): string[] {
  return [...before.rows].flatMap(([table, rows]) => {
    const now = after.rows.get(table) ?? []
    const lost = rows.filter((row, index) =>
      Object.entries(row).some(
        ([name, value]) => JSON.stringify(value) !== JSON.stringify(now[index]?.[name])
      )
    )
    return lost.length > 0 || now.length !== rows.length ? [`${lost.length} rows of ${table} are lost`] : []
  })
}
