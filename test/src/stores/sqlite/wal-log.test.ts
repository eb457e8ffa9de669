import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import t, { type Test } from 'tap'
import { openWalLog, type WalLog } from '../../../../src/stores/sqlite/wal-log.ts'

function open(t: Test) {
  const path = `${t.testdir()}/test.db`
  const database = new Database(path)
  database.pragma('journal_mode = WAL')
  database.exec('create table things (name text)')
  t.teardown(() => database.close())
  return { path, database, logBytes: () => statSync(`${path}-wal`).size }
}

const sync = (log: WalLog) => new Promise<Error | null>((resolve) => log.sync(resolve))

t.test('the log is synced, beside the loop and at once', async (t) => {
  const { path, database } = open(t)
  const log = openWalLog(database, path)
  t.equal(await sync(log), null)
  log.syncNow()
  log.close()
})

t.test('after a good sync there is nothing to repair', async (t) => {
  const { path, database, logBytes } = open(t)
  const log = openWalLog(database, path)
  await sync(log)
  log.repair()
  t.ok(logBytes() > 0, 'the log is left as it is')
  log.close()
})

t.test('after a failed sync the log is carried into the database before anything else', async (t) => {
  const { path, database, logBytes } = open(t)
  const log = openWalLog(database, path)
  // The file that it syncs is gone, as far as it can tell.
  log.close()
  t.match(await sync(log), { code: 'EBADF' })
  t.throws(() => log.syncNow(), { code: 'EBADF' })
  log.repair()
  t.equal(logBytes(), 0)
  const reader = new Database(path, { readonly: true })
  t.equal(reader.prepare('select count(*) from things').pluck().get(), 0, 'the table is in the database')
  reader.close()
})

t.test(
  'while somebody reads the old log it can’t be repaired, and that is a store that is away',
  async (t) => {
    const { path, database, logBytes } = open(t)
    const log = openWalLog(database, path)
    database.pragma('busy_timeout = 0')
    const reader = new Database(path)
    t.teardown(() => reader.close())
    reader.exec('begin; select * from things')
    database.exec("insert into things values ('later')")
    log.close()
    await sync(log)
    t.throws(() => log.repair(), { code: 'unavailable', status: 503 })
    reader.exec('commit')
    log.repair()
    t.equal(logBytes(), 0, 'it recovers by itself')
  }
)
