import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import t from 'tap'
import { openSqliteStores } from '../../../../src/stores/sqlite/open-sqlite.ts'
import { newUser } from '../../../contracts/user-store.ts'
import { eventually } from '../../../helper.ts'
import { run } from '../../../service.ts'

t.test('the file and its folder are made, for their owner only', async (t) => {
  const folder = `${t.testdir()}/made/here`
  const stores = openSqliteStores({ path: `${folder}/profile.db` })
  await stores.close()
  t.ok(existsSync(`${folder}/profile.db`))
  t.equal(statSync(folder).mode & 0o077, 0)
})

t.test('in a folder that others read too, the file is still its owner’s alone', async (t) => {
  const folder = t.testdir()
  const stores = openSqliteStores({ path: `${folder}/profile.db` })
  for (const name of ['profile.db', 'profile.db-wal', 'profile.db-shm']) {
    t.equal(statSync(`${folder}/${name}`).mode & 0o077, 0, name)
  }
  await stores.close()
})

t.test('rows outlive the process that wrote them, and migrations run once', async (t) => {
  const path = `${t.testdir()}/profile.db`
  const first = openSqliteStores({ path })
  const { id } = await first.users.create(newUser('ada'))
  await first.close()
  const second = openSqliteStores({ path })
  t.match(await second.users.findById(id), { username: 'ada' })
  await second.close()
})

t.test(
  'what opening writes is synced at every commit; from then on the group commit syncs the log',
  async (t) => {
    const path = `${t.testdir()}/profile.db`
    const seen: string[] = []
    const pragma = Database.prototype.pragma
    t.intercept(Database.prototype, 'pragma', {
      value(this: Database.Database, source: string, options?: object) {
        seen.push(source)
        return pragma.call(this, source, options)
      }
    })
    await openSqliteStores({ path }).close()
    const order = ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON', 'synchronous = NORMAL']
    t.strictSame(
      seen.filter((source) => order.includes(source)),
      order
    )
    const database = new Database(path, { readonly: true })
    t.equal(database.pragma('journal_mode', { simple: true }), 'wal', 'the log stays with the file')
    database.close()
  }
)

t.test('a long log is copied into the database and begins anew, while writes go on', async (t) => {
  const path = `${t.testdir()}/profile.db`
  const stores = openSqliteStores({ path, checkpointFrames: 40 })
  const users = await Promise.all(
    Array.from({ length: 60 }, (_, index) => stores.users.create(newUser(`user${index}`)))
  )
  const mark = statSync(path).mtimeMs
  const longest = () => statSync(`${path}-wal`).size
  for (let round = 0; round < 40; round++) {
    const written = await Promise.all(
      users.map(({ id }) => stores.users.update(id, { firstName: `round ${round}` }))
    )
    t.ok(written.every((result) => result?.user.firstName === `round ${round}`))
  }
  await eventually('the database was written to', () => statSync(path).mtimeMs > mark)
  t.ok(longest() < 40 * users.length * 4096, 'the log did not keep everything')
  await stores.close()
  t.notOk(existsSync(`${path}-wal`), 'closed by the last connection')
  const database = new Database(path, { readonly: true })
  t.equal(database.pragma('integrity_check', { simple: true }), 'ok')
  t.equal(database.prepare("select count(*) from users where first_name = 'round 39'").pluck().get(), 60)
  database.close()
})

t.test('what waits is committed before the file is closed', async (t) => {
  const path = `${t.testdir()}/profile.db`
  const stores = openSqliteStores({ path })
  const creating = stores.users.create(newUser('ada'))
  const closed = stores.close()
  t.match(await creating, { username: 'ada' })
  await closed
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
    await openSqliteStores({ path: ${JSON.stringify(path)} }).close()`
  const opened = Array.from({ length: 6 }, () =>
    once(spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' }), 'close')
  )
  for (const [code] of await Promise.all(opened)) t.equal(code, 0)
})

t.test('two stores of one process keep other processes from taking away what they have open', async (t) => {
  const folder = t.testdir()
  const path = `${folder}/data/profile.db`
  const first = openSqliteStores({ path })
  await first.users.create(newUser('ada'))
  const locks = ownLocks()
  const second = openSqliteStores({ path })
  await second.users.create(newUser('bob'))
  await second.close()
  t.strictSame(ownLocks(), locks, 'whatever the second has closed, the locks of the first stay')
  t.match(await run(folder, { args: ['list-users'] }).ended, { code: 0, stdout: /ada.*bob/s })
  // The last who closes a database takes its log away.
  t.ok(existsSync(`${path}-wal`))
  await first.users.create(newUser('cyd'))
  t.match(await run(folder, { args: ['list-users'] }).ended, { code: 0, stdout: /bob.*cyd/s })
  await first.close()
  t.notOk(existsSync(`${path}-wal`))
})

/** The files that this process has locked, as Linux tells (proc_locks(5)); elsewhere nobody does. */
function ownLocks(): string[] {
  if (!existsSync('/proc/locks')) return []
  const lines = readFileSync('/proc/locks', 'utf8').split('\n')
  return lines.flatMap((line) => {
    const [, , , kind = '', pid, ...range] = line.split(/ +/)
    return pid === String(process.pid) ? [kind, ...range].join(' ') : []
  })
}
