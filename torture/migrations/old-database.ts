import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { readMigrationFiles } from 'drizzle-orm/migrator'

const MIGRATIONS = readMigrationFiles({
  migrationsFolder: fileURLToPath(new URL('../../drizzle/sqlite', import.meta.url))
})

/** How many schemas there were, that of an empty file among them. */
export const VERSIONS = MIGRATIONS.length + 1

const USERS = 50

/** As the migrator makes it. */
const RECORDS =
  'CREATE TABLE IF NOT EXISTS "__drizzle_migrations" (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)'

/** Makes a database of so many migrations, with rows in all of its tables. None is made for none. */
export function makeOldDatabase(path: string, migrations: number): void {
  mkdirSync(dirname(path), { recursive: true })
  if (migrations === 0) return
  const database = new Database(path)
  database.pragma('journal_mode = WAL')
  database.pragma('foreign_keys = ON')
  database.exec(RECORDS)
  const record = database.prepare('INSERT INTO "__drizzle_migrations" (hash, created_at) VALUES (?, ?)')
  for (const { sql, hash, folderMillis } of MIGRATIONS.slice(0, migrations)) {
    for (const statement of sql) database.exec(statement)
    record.run(hash, folderMillis)
  }
  for (let id = 1; id <= USERS; id++) fill(database, id)
  database.close()
}

const TABLES = [
  'users',
  'sessions',
  'refresh_tokens',
  'imported_users',
  'user_identities',
  'audit_log',
  'imports'
]

/** Makes rows of what every table that is there asks for, whatever it asks for. */
function fill(database: Database.Database, id: number): void {
  const tables = database.prepare<[], { name: string }>("select name from sqlite_master where type = 'table'")
  const names = new Set(tables.all().map(({ name }) => name))
  // Those that others refer to first.
  for (const table of TABLES) if (names.has(table)) insert(database, table, id)
}

/** By the clock in milliseconds: what has expired is cleared away by every start. */
const LONG_AFTER = 4_102_444_800_000

const VALUES: Record<string, (id: number) => unknown> = {
  expires_at: () => LONG_AFTER,
  user_id: (id) => id,
  session_id: (id) => `id ${id}`
}

function insert(database: Database.Database, table: string, id: number): void {
  const columns = database.pragma(`table_info(${table})`) as { name: string; type: string }[]
  const values = columns.map(({ name, type }) => {
    if (VALUES[name]) return VALUES[name](id)
    if (type.toLowerCase() === 'text') return `${name} ${id}`
    return type.toLowerCase() === 'blob' ? Buffer.from([id]) : id
  })
  database
    .prepare(`insert into ${table} (${columns.map(({ name }) => name)}) values (${columns.map(() => '?')})`)
    .run(...values)
}
