import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database, { type Database as DatabaseConnection } from 'better-sqlite3'
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import type { SessionStore } from '../../tokens/session-store.ts'
import type { UserStore } from '../../users/user-store.ts'
import { createCheckpointer } from './checkpointer.ts'
import { drizzle, migrate } from './drizzle.ts'
import { createGroupCommit, type GroupCommit } from './group-commit.ts'
import { createSqliteSessionStore } from './sqlite-session-store.ts'
import { createSqliteUserStore } from './sqlite-user-store.ts'
import { createUserCache, type UserCache } from './user-cache.ts'
import { openWalIndex } from './wal-index.ts'
import { openWalLog } from './wal-log.ts'

export interface Stores {
  users: UserStore
  sessions: SessionStore
  /** Commits what waits and closes the file. */
  close(): Promise<void>
}

export interface SqliteOptions {
  /** The database's file, made where missing; `:memory:` for one that is gone with the process. */
  path: string
  /** How long a write waits for another process's lock before it fails with 503, in milliseconds. @default 5000 */
  busyTimeoutMs?: number
  /** False: a power cut may take back what was acknowledged, though never tear it. @default true */
  syncCommits?: boolean
  /** Whether avatars are looked up by the hashes of emails. @default false */
  keepEmailHashes?: boolean
  /** As long as the log gets, about, in pages, before it is copied into the database and begins anew. @default 4000 */
  checkpointFrames?: number
}

const MIGRATIONS = fileURLToPath(new URL('../../../drizzle/sqlite', import.meta.url))

/** SQLite itself waits for locks by blocking the thread. The group commit waits between turns instead. */
const BLOCKING_TIMEOUT_MS = 0

const MAX_CACHED_USERS = 10_000

/** In kibibytes, as it is used: the inner pages of an index of ten million users, and the pages of a thousand of them. */
const PAGE_CACHE_KIB = 32_768

/** 16 MB of log. */
const CHECKPOINT_FRAMES = 4000

/** Opens the database, brings its schema up to date, and answers the stores over it. */
export function openSqliteStores(options: SqliteOptions): Stores {
  const { path, busyTimeoutMs = 5000, keepEmailHashes = false } = options
  if (path !== ':memory:') makePrivateFile(path)
  const database = new Database(path, { timeout: busyTimeoutMs })
  try {
    requireWal(database, path)
    // What opening writes, migrations too, is synced at every commit.
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    database.pragma(`cache_size = -${PAGE_CACHE_KIB}`)
    const db = drizzle({ client: database })
    applyMigrations(db)
    database.pragma(`busy_timeout = ${BLOCKING_TIMEOUT_MS}`)
    const { commits, cache, close } = openCommits(database, { ...options, busyTimeoutMs })
    return {
      users: createSqliteUserStore(db, commits, cache, { keepEmailHashes }),
      sessions: createSqliteSessionStore(db, commits),
      async close() {
        await close()
        database.close()
      }
    }
  } catch (error) {
    database.close()
    throw error
  }
}

/** The group commit of an open file, with what it needs: the users it keeps, its log's sync, and checkpoints. */
function openCommits(
  database: DatabaseConnection,
  {
    path,
    busyTimeoutMs,
    syncCommits = true,
    checkpointFrames = CHECKPOINT_FRAMES
  }: SqliteOptions & { busyTimeoutMs: number }
): { commits: GroupCommit; cache: UserCache; close(): Promise<void> } {
  const index = openWalIndex(database, path)
  const cache = createUserCache(MAX_CACHED_USERS, index.dataVersion)
  const log = path !== ':memory:' && syncCommits ? openWalLog(database, path) : undefined
  // From here on the group commit makes that sync, beside the event loop, before it acknowledges anything.
  database.pragma('synchronous = NORMAL')
  database.pragma('wal_autocheckpoint = 0')
  const checkpointer = createCheckpointer({
    path,
    frames: index.frames,
    everyFrames: checkpointFrames,
    pause: () => commits.pause(),
    resume: () => commits.resume(),
    onFailure: () => database.pragma(`wal_autocheckpoint = ${checkpointFrames}`)
  })
  const observer = {
    begun: cache.forgetOutdated,
    committed: checkpointer.committed,
    lost: cache.forgetAll
  }
  const commits = createGroupCommit(database, { busyTimeoutMs, observer, ...(log && { log }) })
  return {
    commits,
    cache,
    async close() {
      commits.close()
      await checkpointer.close()
      log?.close()
      index.close()
    }
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

/** The file holds password hashes: it is its owner's alone, and what SQLite puts beside it follows its mode. */
function makePrivateFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  closeSync(openSync(path, 'a', 0o600))
}
