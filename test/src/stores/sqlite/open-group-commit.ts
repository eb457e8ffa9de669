import Database from 'better-sqlite3'
import type { Test } from 'tap'
import {
  type CommitLog,
  createGroupCommit,
  type DiskRoom,
  type TransactionObserver
} from '../../../../src/stores/sqlite/group-commit.ts'

interface OpenOptions {
  maxBatch?: number
  busyTimeoutMs?: number
  log?: CommitLog
  observer?: TransactionObserver
  room?: DiskRoom
}

/** A group commit over a database of its own, closed when the test ends, and the statements that it runs. */
export function openGroupCommit(t: Test, { busyTimeoutMs = 2000, ...options }: OpenOptions = {}) {
  const path = `${t.testdir()}/test.db`
  const statements: string[] = []
  const log: string[] = []
  const database = new Database(path, {
    timeout: 0,
    verbose: (sql) => {
      const statement = String(sql)
      statements.push(statement)
      if (/^(BEGIN|COMMIT|ROLLBACK$)/.test(statement)) log.push(statement)
    }
  })
  database.pragma('journal_mode = WAL')
  database.exec('create table things (name text primary key)')
  const commits = createGroupCommit(database, { busyTimeoutMs, ...options })
  t.teardown(() => database.close())
  const insert = database.prepare('insert into things values (?)')
  return {
    database,
    commits,
    log,
    statements: () => statements,
    path,
    add: (name: string) => commits.run(() => insert.run(name).changes),
    names: () => database.prepare('select name from things order by name').pluck().all()
  }
}

export const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Whether a promise is settled when everything that is ready has run. */
export async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let pending = true
  const settled = () => {
    pending = false
  }
  promise.then(settled, settled)
  await turn()
  return pending
}
