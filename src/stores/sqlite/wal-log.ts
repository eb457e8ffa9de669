import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { errors } from '../../errors.ts'
import { translateDiskError } from '../disk/disk-errors.ts'
import type { CommitLog } from './group-commit.ts'

export interface WalLog extends CommitLog {
  close(): void
}

/**
 * Syncs the write-ahead log of an open database beside the event loop. With `synchronous = NORMAL` SQLite writes each
 * commit to that file and leaves out just the sync that `FULL` ends it with, which is made here:
 * https://sqlite.org/pragma.html#pragma_synchronous
 * @param path the database's file; it has to be in WAL mode
 */
export function openWalLog(database: Database, path: string): WalLog {
  const file = openSync(`${path}-wal`, 'r+')
  /** After a failed sync the system may forget what it could not write, and later syncs succeed without it. */
  let doubtful = false

  return {
    sync(done) {
      fdatasync(file, (error) => {
        doubtful ||= error !== null
        done(error && asError(translateDiskError(error)))
      })
    },
    syncNow() {
      try {
        fdatasyncSync(file)
      } catch (error) {
        doubtful = true
        throw translateDiskError(error)
      }
    },
    repair() {
      if (!doubtful) return
      carryOver(database)
      doubtful = false
    },
    close: () => closeSync(file)
  }
}

/** Moves the whole log into the database's own file, and syncs that: nothing depends on the log then. */
function carryOver(database: Database): void {
  const [outcome] = database.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
  if (outcome?.busy !== 0) throw errors.unavailable(new Error('the log is in use by another process'))
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
