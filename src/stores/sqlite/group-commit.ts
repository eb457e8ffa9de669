import type { Database } from 'better-sqlite3'
import { errors } from '../../errors.ts'
import { noTelemetry, type Telemetry } from '../../telemetry/telemetry.ts'
import { createSharedTransaction, type Unit } from './shared-transaction.ts'
import { isBusy, isFull, translateSqliteError } from './sqlite-errors.ts'

export interface GroupCommit {
  /**
   * Runs synchronous work inside the next shared transaction. Resolves with its result after the commit, so
   * after it is durable; rejects with what it threw, or as `unavailable` or `storage_full` where the
   * transaction failed. Either way nothing of a rejected work is kept, whatever its neighbours did, unless the
   * disk failed after the commit: then nobody knows.
   */
  run<T>(work: () => T, kind?: WorkKind): Promise<T>

  /**
   * The same for work that writes by one statement only and does nothing after it that could fail: SQLite takes
   * back a failed statement by itself, so this needs no savepoint.
   */
  runStatement<T>(work: () => T, kind?: WorkKind): Promise<T>

  /** Lets writes wait, until `resume`. */
  pause(): void
  resume(): void

  /** Commits what waits, then refuses more. */
  close(): void
}

export interface WorkKind {
  /**
   * Whether it gives room back in the end, or ends somebody's access: then it is done while the disk is full too, as long
   * as there is a reserve. It may be run a second time after the first was taken back.
   */
  frees?: boolean
}

/** What makes commits durable, where they are not durable by themselves. */
export interface CommitLog {
  /** Calls back when everything committed before the call would survive power loss. */
  sync(done: (error: Error | null) => void): void
  /** The same, blocking. @throws what the disk says */
  syncNow(): void
  /** Makes good what a failed sync left open, before anything else is committed. @throws where it can't */
  repair(): void
}

/** What can be done about a full disk. */
export interface DiskRoom {
  /** Whether only work that frees may be done now. */
  isShort(): boolean
  /** The disk is full: makes what room can be made at once. */
  make(): void
}

/** Who is told what becomes of transactions. */
export interface TransactionObserver {
  /** What others committed before is visible now, and nobody else can write until the transaction ends. */
  begun(): void
  committed(): void
  /** What its units did may have been taken back. */
  lost(): void
}

/** A write that waits for its turn, and who asked for it. */
interface Write extends Unit {
  resolve(result: unknown): void
  reject(error: unknown): void
  /** When it was asked for, by the monotonic clock. */
  since: number
  frees: boolean
  /** Whether it met a full disk before. */
  again: boolean
}

interface Options {
  /** How long the writes wait for another process that holds the database's lock. */
  busyTimeoutMs: number
  /** Units in one transaction, so that a burst doesn't hold the event loop: at least 1. @default 256 */
  maxBatch?: number
  log?: CommitLog
  observer?: TransactionObserver
  room?: DiskRoom
  /** Told of each transaction, once it is durable. @default nobody */
  telemetry?: Pick<Telemetry, 'committed'>
}

const BUSY_RETRY_MS = 25

/** So many writes don't wait for the turn to end: their sync goes on while the turn's other requests are handled. */
const EARLY_UNITS = 24

/**
 * Group commit: the writes that arrive in one turn of the event loop, or while the log is being synced, share one
 * transaction and one sync. The sync runs beside the loop. Each write has a result of its own, and one that fails takes
 * back only itself.
 */
export function createGroupCommit(database: Database, options: Options): GroupCommit {
  const { busyTimeoutMs, maxBatch = 256, log, observer, room, telemetry = noTelemetry } = options
  const transaction = createSharedTransaction(database)

  let waiting: Write[] = []
  /** Committed, and waiting for the log. */
  let unsynced: Write[] | undefined
  /** When the last transaction began, by the monotonic clock. */
  let begunAt = 0
  let scheduled = false
  let paused = false
  let closed = false

  function schedule(): void {
    // The end of a sync flushes what has gathered meanwhile.
    if (scheduled || unsynced || paused) return
    scheduled = true
    setImmediate(flush)
  }

  function flush(): void {
    scheduled = false
    if (unsynced || paused) return
    refuseWhatTakesRoom()
    if (waiting.length === 0 || !beginOrWait()) return
    const batch = waiting.splice(0, maxBatch)
    for (const [index, unit] of batch.entries()) {
      if (transaction.run(unit)) continue
      // The database took back the whole transaction (full disk, failed I/O): so did every unit before.
      observer?.lost()
      waiting = [...batch.slice(index + 1), ...waiting]
      giveUp(batch.slice(0, index + 1), unit.result)
      if (waiting.length > 0) schedule()
      return
    }
    finish(batch)
    if (waiting.length > 0) schedule()
  }

  /** Another process may hold the lock. It is asked again between turns, so that reads and the loop go on. */
  function beginOrWait(): boolean {
    try {
      transaction.abandon()
      log?.repair()
      begunAt = performance.now()
      transaction.begin()
      observer?.begun()
      return true
    } catch (error) {
      transaction.abandon()
      const deadline = isBusy(error) && !closed ? performance.now() - busyTimeoutMs : Number.POSITIVE_INFINITY
      const expired = waiting.filter(({ since }) => since <= deadline)
      waiting = waiting.filter(({ since }) => since > deadline)
      giveUp(expired, error)
      if (waiting.length > 0) {
        scheduled = true
        setTimeout(flush, BUSY_RETRY_MS)
      }
      return false
    }
  }

  function finish(batch: Write[]): void {
    try {
      transaction.commit()
    } catch (error) {
      transaction.abandon()
      observer?.lost()
      giveUp(batch, error)
      return
    }
    observer?.committed()
    if (!log) {
      settle(batch)
      return
    }
    unsynced = batch
    log.sync((error) => {
      // Settled meanwhile by closing.
      if (unsynced !== batch) return
      unsynced = undefined
      if (error) rejectAll(batch, error)
      else settle(batch)
      if (error && isFull(error)) room?.make()
      flush()
    })
  }

  /** Also who failed alone learns it only now: what a name was taken by might not have come to be. */
  function settle(batch: Write[]): void {
    telemetry.committed(batch.length, (performance.now() - begunAt) / 1000)
    for (const unit of batch) {
      if (unit.failed) unit.reject(translateSqliteError(unit.result))
      else unit.resolve(unit.result)
    }
  }

  /** Nothing of these was written. Where the disk is full, what gives room back is tried once more with what is kept for it. */
  function giveUp(units: Write[], error: unknown): void {
    if (!room || closed || !isFull(error)) {
      rejectAll(units, error)
      return
    }
    room.make()
    const retried = units.filter(({ frees, again }) => frees && !again)
    rejectAll(
      units.filter((unit) => !retried.includes(unit)),
      error
    )
    for (const unit of retried) Object.assign(unit, { again: true, failed: false })
    waiting = [...retried, ...waiting]
  }

  function refuseWhatTakesRoom(): void {
    if (!room?.isShort()) return
    const refused = waiting.filter(({ frees }) => !frees)
    waiting = waiting.filter(({ frees }) => frees)
    rejectAll(refused, errors.storageFull(new Error('the disk was full, and has no room for a reserve yet')))
  }

  function rejectAll(units: Write[], error: unknown): void {
    const translated = translateSqliteError(error)
    for (const unit of units) unit.reject(translated)
  }

  function settleUnsynced(): void {
    const batch = unsynced
    if (!batch) return
    unsynced = undefined
    try {
      log?.syncNow()
      settle(batch)
    } catch (error) {
      rejectAll(batch, error)
    }
  }

  function enqueue<T>(work: () => T, single: boolean, { frees = false }: WorkKind = {}): Promise<T> {
    if (closed) return Promise.reject(errors.unavailable(new Error('the store is closed')))
    return new Promise<T>((resolve, reject) => {
      waiting.push({
        work,
        single,
        // Its result is what its own work answered.
        resolve: resolve as (result: unknown) => void,
        reject,
        since: performance.now(),
        frees,
        again: false,
        result: undefined,
        failed: false
      })
      if (waiting.length === EARLY_UNITS && !unsynced) flush()
      else schedule()
    })
  }

  return {
    run: (work, kind) => enqueue(work, false, kind),
    runStatement: (work, kind) => enqueue(work, true, kind),
    pause() {
      paused = true
    },
    resume() {
      paused = false
      if (waiting.length > 0) schedule()
    },
    close() {
      closed = true
      paused = false
      settleUnsynced()
      while (waiting.length > 0) {
        flush()
        settleUnsynced()
      }
    }
  }
}
