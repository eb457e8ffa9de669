import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import t from 'tap'
import { openSqliteStores } from '../../../../src/stores/sqlite/open-sqlite.ts'
import { newUser } from '../../../contracts/user-store.ts'

t.test('the file and its folder are made, for their owner only', async (t) => {
  const folder = `${t.testdir()}/made/here`
  const stores = openSqliteStores({ path: `${folder}/profile.db` })
  stores.close()
  t.ok(existsSync(`${folder}/profile.db`))
  t.equal(statSync(folder).mode & 0o077, 0)
})

t.test('in a folder that others read too, the file is still its owner’s alone', async (t) => {
  const folder = t.testdir()
  const stores = openSqliteStores({ path: `${folder}/profile.db` })
  for (const name of ['profile.db', 'profile.db-wal', 'profile.db-shm']) {
    t.equal(statSync(`${folder}/${name}`).mode & 0o077, 0, name)
  }
  stores.close()
})

t.test('rows outlive the process that wrote them, and migrations run once', async (t) => {
  const path = `${t.testdir()}/profile.db`
  const first = openSqliteStores({ path })
  const { id } = await first.users.create(newUser('ada'))
  first.close()
  const second = openSqliteStores({ path })
  t.match(await second.users.findById(id), { username: 'ada' })
  second.close()
})

t.test('writes are synced at every commit, in a write-ahead log, with foreign keys on', async (t) => {
  const path = `${t.testdir()}/profile.db`
  const seen: string[] = []
  const pragma = Database.prototype.pragma
  t.intercept(Database.prototype, 'pragma', {
    value(this: Database.Database, source: string, options?: object) {
      seen.push(source)
      return pragma.call(this, source, options)
    }
  })
  openSqliteStores({ path }).close()
  for (const one of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON'])
    t.ok(seen.includes(one), one)
  const database = new Database(path, { readonly: true })
  t.equal(database.pragma('journal_mode', { simple: true }), 'wal', 'the log stays with the file')
  database.close()
})

t.test('what waits is committed before the file is closed', async (t) => {
  const path = `${t.testdir()}/profile.db`
  const stores = openSqliteStores({ path })
  const creating = stores.users.create(newUser('ada'))
  stores.close()
  t.match(await creating, { username: 'ada' })
  await t.rejects(stores.users.create(newUser('bob')), { code: 'unavailable' })
})

t.test('a file that is no database fails the start and is left alone', async (t) => {
  const path = `${t.testdir({ 'notes.txt': 'these are my notes, '.repeat(200) })}/notes.txt`
  t.throws(() => openSqliteStores({ path }), { code: 'SQLITE_NOTADB' })
})

t.test('of stores that open a new file at once each finds it made', async (t) => {
  const path = `${t.testdir()}/profile.db`
  const script = `
    const { openSqliteStores } = await import(${JSON.stringify(String(new URL('../../../../src/stores/sqlite/open-sqlite.ts', import.meta.url)))})
    openSqliteStores({ path: ${JSON.stringify(path)} }).close()`
  const opened = Array.from({ length: 6 }, () =>
    once(spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' }), 'close')
  )
  for (const [code] of await Promise.all(opened)) t.equal(code, 0)
})
