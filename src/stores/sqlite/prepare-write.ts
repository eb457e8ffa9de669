import { is, Placeholder } from './drizzle.ts'
import type { SqliteDatabase } from './sqlite-database.ts'

/** Runs a write with the values of its placeholders; answers how many rows it changed. */
export type Write = (values: Record<string, unknown>) => number

/**
 * Prepares what Drizzle built on the driver itself. Drizzle's own prepared queries look at every parameter anew on each
 * run, which takes as long as the write.
 */
export function prepareWrite(
  db: SqliteDatabase,
  query: { toSQL(): { sql: string; params: unknown[] } }
): Write {
  const { sql, params } = query.toSQL()
  const statement = db.$client.prepare<unknown[]>(sql)
  const names = params.map((param) => {
    if (is(param, Placeholder)) return String(param.name)
    throw new Error(`a fixed value in a prepared write: ${sql}`)
  })
  return (values) => statement.run(...names.map((name) => values[name])).changes
}
