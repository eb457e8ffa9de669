import type { Database, Statement } from 'better-sqlite3'

/** Work inside a shared transaction, and what became of it. */
export interface Unit {
  work: () => unknown
  /** Whether it writes by one statement only, which SQLite takes back by itself when it fails. */
  single: boolean
  /** What the work answered, or threw. */
  result: unknown
  failed: boolean
}

/** The one transaction that a connection can have open, with units that fail alone. */
export interface SharedTransaction {
  /** @throws `SQLITE_BUSY` where another process holds the lock */
  begin(): void
  /** Runs a unit and keeps its outcome in it. False where the whole transaction is gone with it. */
  run(unit: Unit): boolean
  commit(): void
  /** Rolls back what is open. Where that can't be done now, it is done before the next begins. */
  abandon(): void
}

/** On SQLite's savepoints and on the errors that end a whole transaction: https://sqlite.org/lang_transaction.html */
export function createSharedTransaction(database: Database): SharedTransaction {
  const statement = (sql: string): Statement<[]> => database.prepare(sql)
  const begin = statement('BEGIN IMMEDIATE')
  const commit = statement('COMMIT')
  const rollback = statement('ROLLBACK')
  const savepoint = statement('SAVEPOINT unit')
  const release = statement('RELEASE unit')
  const undo = statement('ROLLBACK TO unit')

  function abandon(): void {
    try {
      if (database.inTransaction) rollback.run()
    } catch {}
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

  return {
    begin() {
      if (database.inTransaction) rollback.run()
      begin.run()
    },
    run(unit) {
      try {
        if (!unit.single) savepoint.run()
        unit.result = unit.work()
        if (!unit.single) release.run()
        return true
      } catch (error) {
        unit.failed = true
        unit.result = error
        if (!unit.single && database.inTransaction) takeBack()
        return database.inTransaction
      }
    },
    commit: () => void commit.run(),
    abandon
  }
}
