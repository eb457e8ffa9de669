import type { Database as DatabaseConnection } from 'better-sqlite3'
import type { AdminStore } from '../../admin/admin-store.ts'
import type { AuditLog } from '../../admin/audit-log.ts'
import type { IdentityStore } from '../../identity/identity-store.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'
import type { SessionStore } from '../../tokens/session-store.ts'
import type { UserStore } from '../../users/user-store.ts'
import { createCheckpointer } from './checkpointer.ts'
import { openDiskReserve } from './disk-reserve.ts'
import { createDiskRoom } from './disk-room.ts'
import { createGroupCommit, type GroupCommit } from './group-commit.ts'
import { refuseMarked } from './migration-guard.ts'
import { openDatabase } from './open-database.ts'
import { createSqliteAdminStore } from './sqlite-admin-store.ts'
import { createSqliteAuditLog } from './sqlite-audit-log.ts'
import { createSqliteIdentityStore } from './sqlite-identity-store.ts'
import { createSqliteSessionStore } from './sqlite-session-store.ts'
import { createSqliteUserStore } from './sqlite-user-store.ts'
import { createUserCache, type UserCache } from './user-cache.ts'
import { openWalIndex } from './wal-index.ts'
import { openWalLog } from './wal-log.ts'

export interface Stores {
  users: UserStore
  sessions: SessionStore
  identities: IdentityStore
  admin: AdminStore
  audit: AuditLog
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
  /** Bytes of a file beside it that is deleted when the disk is full, so that deletions go on; 0 for none. @default 8388608 */
  reserveBytes?: number
  /** Told of commits. @default nobody */
  telemetry?: Pick<Telemetry, 'committed'>
}

/**
 * Room for what a checkpoint may add to the file and some hundred deletions: of the 4000 pages that a log gets, a third at
 * most are new ones.
 */
const RESERVE_BYTES = 8_388_608
const RESERVE_EVERY_MS = 1000

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
  const db = openDatabase(path, { busyTimeoutMs, cacheKib: PAGE_CACHE_KIB })
  const database = db.$client
  try {
    refuseMarked(database, path)
    database.pragma(`busy_timeout = ${BLOCKING_TIMEOUT_MS}`)
    const { commits, cache, close, release } = openCommits(database, { ...options, busyTimeoutMs })
    return {
      users: createSqliteUserStore(db, commits, cache, { keepEmailHashes }),
      sessions: createSqliteSessionStore(db, commits),
      identities: createSqliteIdentityStore(db, commits, { keepEmailHashes }),
      admin: createSqliteAdminStore(db, path),
      audit: createSqliteAuditLog(db, commits),
      async close() {
        await close()
        database.close()
        release()
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
    checkpointFrames = CHECKPOINT_FRAMES,
    reserveBytes = RESERVE_BYTES,
    telemetry
  }: SqliteOptions & { busyTimeoutMs: number }
): { commits: GroupCommit; cache: UserCache; close(): Promise<void>; release(): void } {
  const index = openWalIndex(database, path)
  const cache = createUserCache(MAX_CACHED_USERS, index.dataVersion)
  const log = path !== ':memory:' && syncCommits ? openWalLog(database, path) : undefined
  // From here on the group commit makes that sync, beside the event loop, before it acknowledges anything.
  database.pragma('synchronous = NORMAL')
  database.pragma('wal_autocheckpoint = 0')
  const reserve =
    path !== ':memory:' && reserveBytes > 0
      ? openDiskReserve({ path, bytes: reserveBytes, everyMs: RESERVE_EVERY_MS })
      : undefined
  const room = reserve && createDiskRoom(database, reserve)
  const checkpointer = createCheckpointer({
    path,
    frames: index.frames,
    everyFrames: checkpointFrames,
    pause: () => commits.pause(),
    resume: () => commits.resume(),
    onFull: () => room?.make(),
    onFailure: () => database.pragma(`wal_autocheckpoint = ${checkpointFrames}`)
  })
  const observer = {
    begun: cache.forgetOutdated,
    committed: checkpointer.committed,
    lost: cache.forgetAll
  }
  const commits = createGroupCommit(database, {
    busyTimeoutMs,
    observer,
    ...(telemetry && { telemetry }),
    ...(log && { log }),
    ...(room && { room })
  })
  return {
    commits,
    cache,
    async close() {
      commits.close()
      await reserve?.close()
      await checkpointer.close()
      log?.close()
    },
    release: index.close
  }
}
