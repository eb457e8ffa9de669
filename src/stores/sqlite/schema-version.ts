import { readFileSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { MIGRATIONS } from './open-database.ts'

/** How far a database's schema has come. */
export interface SchemaVersion {
  /** How many migrations it has seen. */
  migrations: number
  /** When the last of them was made, in epoch milliseconds; 0 for none. */
  newest: number
  /** SQLite's `PRAGMA user_version`. */
  userVersion: number
}

/** What Drizzle keeps of the migrations that a database has seen. */
export function readSchemaVersion(database: Database): SchemaVersion {
  const seen = database
    .prepare<[], { migrations: number; newest: number }>(
      'select count(*) migrations, ifnull(max(created_at), 0) newest from __drizzle_migrations'
    )
    .get()
  const userVersion = database.pragma('user_version', { simple: true }) as number
  return { migrations: seen?.migrations ?? 0, newest: Number(seen?.newest ?? 0), userVersion }
}

/** When each of this program's migrations was made, ascending. */
export function ownMigrations(): number[] {
  const journal = JSON.parse(readFileSync(`${MIGRATIONS}/meta/_journal.json`, 'utf8'))
  return journal.entries.map(({ when }: { when: number }) => when)
}
