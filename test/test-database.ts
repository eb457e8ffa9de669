import { createHash } from 'node:crypto'
import Database from 'better-sqlite3'
import type { DatabaseSetting } from '../src/store-settings.ts'
import { unescapeText } from '../src/stores/postgres/texts.ts'
import { openSyncPostgres, type SyncPostgres } from './sync-postgres.ts'

/** The URL of a PostgreSQL server on which all services of the tests are to keep their rows; unset, files do. */
const SERVER = process.env.TEST_POSTGRES

let postgres: SyncPostgres | undefined

function query(url: string, text: string, values: unknown[] = []) {
  postgres ??= openSyncPostgres()
  return postgres.query(url, text, values)
}

/** Where the rows of a service in a folder are, unless its test says something else. */
export function databaseOf(folder: string): { DATABASE_URL?: string } {
  if (SERVER === undefined) return {}
  const name = `app_${createHash('sha256').update(folder).digest('hex').slice(0, 24)}_${process.pid}`
  const [known] = query(SERVER, 'select 1 from pg_database where datname = $1', [name])
  if (!known) query(SERVER, `create database ${name}`)
  return { DATABASE_URL: Object.assign(new URL(SERVER), { pathname: `/${name}` }).href }
}

/** Runs SQL with `?` for values behind a service's back. */
export function runSql(
  database: DatabaseSetting,
  text: string,
  ...values: unknown[]
): Record<string, unknown>[] {
  if (database.kind === 'sqlite')
    return withDatabase(database.path, (file) => {
      const statement = file.prepare<unknown[], Record<string, unknown>>(text)
      if (statement.reader) return statement.all(...values)
      statement.run(...values)
      return []
    })
  let count = 0
  // A boolean is written as a number in SQLite alone; as a text in both.
  const translated = text.replace(/\?/g, () => `$${++count}`).replace(/\b(is_\w+ = )([01])\b/g, "$1'$2'")
  return query(database.url, translated, values).map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, asGiven(value)]))
  )
}

/** Texts are kept there without U+0000, which PostgreSQL refuses. */
const asGiven = (value: unknown) => (typeof value === 'string' ? unescapeText(value) : value)

/** Opens a database's file by a connection of the test's own, for as long as it is used. */
export function withDatabase<T>(path: string, use: (database: Database.Database) => T): T {
  const database = new Database(path)
  try {
    return use(database)
  } finally {
    database.close()
  }
}
