import type { Database, Statement } from 'better-sqlite3'
import { errors } from '../../errors.ts'
import { isBusy, translateSqliteError } from './sqlite-errors.ts'

export interface GroupCommit {
  /**
   * Runs synchronous work inside the next shared transaction. Resolves with its result after the commit, so
   * after it is durable; rejects with what it threw, or as `unavailable` or `storage_full` where the
   * transaction failed. Either way nothing of a rejected work is kept, whatever its neighbours did.
   */
  run<T>(work: () => T): Promise<T>

  /** Commits what waits, then refuses more. */
  close(): void
}

interface Unit {
  /** Does the work, and keeps its result until it is settled. */
  execute(): void
  resolve(): void
  reject(error: unknown): void
  /** When it was asked for, by the monotonic clock. */
  since: number
}

interface Options {
  /** How long the writes wait for another process that holds the database's lock. */
  busyTimeoutMs: number
  /** Units in one transaction, so that a burst doesn't hold the event loop: at least 1. @default 256 */
  maxBatch?: number
}

const BUSY_RETRY_MS = 25

/**
 * Group commit: the writes that arrive in one turn of the event loop share one transaction, and so one fsync.
 * Each runs in a savepoint of its own, so that one that fails takes back only itself.
 * On SQLite's savepoints and on the errors that end a whole transaction: https://sqlite.org/lang_transaction.html
 */
export function createGroupCommit(
  database: Database,
  { busyTimeoutMs, maxBatch = 256 }: Options
): GroupCommit {
  const statement = (sql: string): Statement<[]> => database.prepare(sql)
  const begin = statement('BEGIN IMMEDIATE')
  const commit = statement('COMMIT')
  const rollback = statement('ROLLBACK')
  const savepoint = statement('SAVEPOINT unit')
  const release = statement('RELEASE unit')
  const undo = statement('ROLLBACK TO unit')

  let waiting: Unit[] = []
  let scheduled = false
  let closed = false

  function schedule(): void {
    if (scheduled) return
    scheduled = true
    setImmediate(flush)
  }

  function flush(): void {
    scheduled = false
    if (waiting.length === 0 || !beginOrWait()) return
    const batch = waiting.splice(0, maxBatch)
    const failures = new Map<Unit, unknown>()
    for (const [index, unit] of batch.entries()) {
      try {
        runUnit(unit)
      } catch (error) {
        failures.set(unit, error)
        if (!database.inTransaction) {
          // The database took back the whole transaction (full disk, failed I/O): so did every unit before.
          rejectAll(batch.slice(0, index + 1), error)
          waiting = [...batch.slice(index + 1), ...waiting]
          if (waiting.length > 0) schedule()
          return
        }
      }
    }
    finish(batch, failures)
    if (waiting.length > 0) schedule()
  }

  /** Another process may hold the lock. It is asked again between turns, so that reads and the loop go on. */
  function beginOrWait(): boolean {
    try {
      if (database.inTransaction) rollback.run()
      begin.run()
      return true
    } catch (error) {
      const deadline = isBusy(error) && !closed ? performance.now() - busyTimeoutMs : Number.POSITIVE_INFINITY
      const expired = waiting.filter(({ since }) => since <= deadline)
      waiting = waiting.filter(({ since }) => since > deadline)
      rejectAll(expired, error)
      if (waiting.length > 0) {
        scheduled = true
        setTimeout(flush, BUSY_RETRY_MS)
      }
      return false
    }
  }

  function runUnit(unit: Unit): void {
    savepoint.run()
    try {
      unit.execute()
      release.run()
    } catch (error) {
      if (database.inTransaction) takeBack()
      throw error
    }
  }

  /** Undoes one unit; where even that fails, the whole transaction, which its caller then finds gone. */
  function takeBack(): void {
    try {
      undo.run()
      release.run()
    } catch {
      abandon()
    }
  }

  /** A transaction that can't be rolled back now is rolled back before the next one begins. */
  function abandon(): void {
    try {
      if (database.inTransaction) rollback.run()
    } catch {}
  }

  /** Also who failed alone learns it only now: what a name was taken by may not come to be. */
  function finish(batch: Unit[], failures: Map<Unit, unknown>): void {
    try {
      commit.run()
    } catch (error) {
      abandon()
      rejectAll(batch, error)
      return
    }
    for (const unit of batch) {
      if (failures.has(unit)) unit.reject(translateSqliteError(failures.get(unit)))
      else unit.resolve()
    }
  }

  function rejectAll(units: Unit[], error: unknown): void {
    const translated = translateSqliteError(error)
    for (const unit of units) unit.reject(translated)
  }

  return {
    run<T>(work: () => T): Promise<T> {
      if (closed) return Promise.reject(errors.unavailable(new Error('the store is closed')))
      return new Promise<T>((resolve, reject) => {
        let result: T
        waiting.push({
          execute: () => {
            result = work()
          },
          resolve: () => resolve(result),
          reject,
          since: performance.now()
        })
        schedule()
      })
    },
    close() {
      closed = true
      while (waiting.length > 0) flush()
    }
  }
}
