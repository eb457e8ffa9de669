import { closeSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database, { type Database as DatabaseConnection } from 'better-sqlite3'
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import { errorCode } from '../../error-code.ts'
import { makeFolder } from '../../make-folder.ts'
import { drizzle, migrate } from './drizzle.ts'
import { renewNameKeys } from './name-keys.ts'
import type { SqliteDatabase } from './sqlite-database.ts'

export interface OpenOptions {
  /** How long SQLite blocks the thread for another process's lock before it fails, in milliseconds. */
  busyTimeoutMs: number
  /** Memory for pages, in kibibytes, as they are used. */
  cacheKib: number
}

/** The folder of migrations. */
export const MIGRATIONS = fileURLToPath(new URL('../../../drizzle/sqlite', import.meta.url))

/**
 * Opens the file, makes it with its folder where it is missing, and brings its schema up to date. What the connection
 * writes, migrations too, is synced at every commit.
 * @param path `:memory:` for a database that is gone with the process
 */
export function openDatabase(path: string, { busyTimeoutMs, cacheKib }: OpenOptions): SqliteDatabase {
  if (path !== ':memory:') makePrivateFile(path)
  const database = new Database(path, { timeout: busyTimeoutMs })
  try {
    requireWal(database, path)
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    database.pragma(`cache_size = -${cacheKib}`)
    const db = drizzle({ client: database })
    applyMigrations(db)
    renewNameKeys(database)
    return db
  } catch (error) {
    database.close()
    throw error
  }
}

/** Some file systems, those of networks above all, have no memory to share between processes, which the log needs. */
function requireWal(database: DatabaseConnection, path: string): void {
  const mode = database.pragma('journal_mode = WAL', { simple: true })
  if (mode === 'wal' || path === ':memory:') return
  throw new Database.SqliteError('the file system can’t keep a write-ahead log', 'SQLITE_CANTOPEN')
}

/**
 * Of processes that start at once on a new file, one may find another's tables: it looks again, and finds them
 * recorded too.
 */
function applyMigrations(db: BetterSQLite3Database): void {
  try {
    migrate(db, { migrationsFolder: MIGRATIONS })
  } catch {
    migrate(db, { migrationsFolder: MIGRATIONS })
  }
}

/**
 * The file holds password hashes: it is its owner's alone, and what SQLite puts beside it follows its mode. One that is there
 * is not opened: closing it again would end the locks that other connections of this process have on it (fcntl(2)).
 */
function makePrivateFile(path: string): void {
  makeFolder(dirname(path), 0o700)
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  }
}
