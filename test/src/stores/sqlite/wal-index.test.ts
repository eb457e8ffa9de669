import Database from 'better-sqlite3'
import t, { type Test } from 'tap'
import { openWalIndex } from '../../../../src/stores/sqlite/wal-index.ts'

function open(t: Test) {
  const path = `${t.testdir()}/test.db`
  const connect = () => {
    const database = new Database(path)
    t.teardown(() => database.close())
    return database
  }
  const database = connect()
  database.pragma('journal_mode = WAL')
  database.exec('create table things (name text)')
  const index = openWalIndex(database, path)
  t.teardown(() => index.close())
  return { database, connect, index }
}

const insert = (database: Database.Database) => database.exec("insert into things values ('a')")

t.test('the version changes with the commits of others, and only with them', async (t) => {
  const { database, connect, index } = open(t)
  const first = index.dataVersion()
  t.equal(index.dataVersion(), first)
  insert(database)
  t.equal(index.dataVersion(), first, 'our own commit')
  const other = connect()
  other.exec('begin immediate')
  insert(other)
  t.equal(index.dataVersion(), first, 'what is not committed')
  other.exec('commit')
  const second = index.dataVersion()
  t.not(second, first)
  insert(database)
  insert(other)
  t.not(index.dataVersion(), second, 'another’s commit right after our own')
})

t.test('the version changes with a commit that begins the log anew', async (t) => {
  const { database, connect, index } = open(t)
  const first = index.dataVersion()
  const other = connect()
  database.pragma('wal_checkpoint(TRUNCATE)')
  insert(other)
  t.not(index.dataVersion(), first)
})

t.test('the frames are those of the log', async (t) => {
  const { database, index } = open(t)
  const before = index.frames()
  insert(database)
  t.ok(index.frames() > before)
  const [{ log }] = database.pragma('wal_checkpoint(PASSIVE)') as [{ log: number }]
  t.equal(index.frames(), log)
})

t.test('a database in memory is nobody else’s', async (t) => {
  const database = new Database(':memory:')
  const index = openWalIndex(database, ':memory:')
  t.equal(index.dataVersion(), index.dataVersion())
  t.equal(index.frames(), 0)
  index.close()
  database.close()
})
