import type { Database } from 'better-sqlite3'
import type { DiskReserve } from './disk-reserve.ts'
import type { DiskRoom } from './group-commit.ts'

/**
 * Makes room for deletions on a full disk: the reserve is given up, and the log is copied into the database, after which
 * SQLite writes it from its beginning, in the place that it already has: https://sqlite.org/wal.html
 */
export function createDiskRoom(database: Database, reserve: DiskReserve): DiskRoom {
  return {
    isShort: reserve.isShort,
    make() {
      reserve.release()
      try {
        database.pragma('wal_checkpoint(PASSIVE)')
      } catch {
        // Even for that there is no room: then the reserve's is the log's.
      }
    }
  }
}
