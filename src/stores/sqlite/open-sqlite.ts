import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import type { SessionStore } from '../../tokens/session-store.ts'
import type { UserStore } from '../../users/user-store.ts'
import { createGroupCommit } from './group-commit.ts'
import { createSqliteSessionStore } from './sqlite-session-store.ts'
import { createSqliteUserStore } from './sqlite-user-store.ts'

export interface Stores {
  users: UserStore
  sessions: SessionStore
  /** Commits what waits and closes the file. */
  close(): void
}

export interface SqliteOptions {
  /** The database's file, made where missing; `:memory:` for one that is gone with the process. */
  path: string
  /** How long a write waits for another process's lock before it fails with 503, in milliseconds. @default 5000 */
  busyTimeoutMs?: number
}

const MIGRATIONS = fileURLToPath(new URL('../../../drizzle/sqlite', import.meta.url))

/** SQLite itself waits for locks by blocking the thread. The group commit waits between turns instead. */
const BLOCKING_TIMEOUT_MS = 0

/** Opens the database, brings its schema up to date, and answers the stores over it. */
export function openSqliteStores({ path, busyTimeoutMs = 5000 }: SqliteOptions): Stores {
  if (path !== ':memory:') makePrivateFile(path)
  const database = new Database(path, { timeout: busyTimeoutMs })
  try {
    database.pragma('journal_mode = WAL')
    // An acknowledged write survives power loss: the log is synced at every commit.
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    const db = drizzle({ client: database })
    applyMigrations(db)
    database.pragma(`busy_timeout = ${BLOCKING_TIMEOUT_MS}`)
    const commits = createGroupCommit(database, { busyTimeoutMs })
    return {
      users: createSqliteUserStore(db, commits),
      sessions: createSqliteSessionStore(db, commits),
      close() {
        commits.close()
        database.close()
      }
    }
  } catch (error) {
    database.close()
    throw error
  }
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

/** The file holds password hashes: it is its owner's alone, and what SQLite puts beside it follows its mode. */
function makePrivateFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  closeSync(openSync(path, 'a', 0o600))
}
