import Database from 'better-sqlite3'
import t from 'tap'
import { createGroupCommit } from '../../../../src/stores/sqlite/group-commit.ts'
import { isPending, openGroupCommit as open } from './open-group-commit.ts'

t.test('writes of one turn share one transaction, each with its own result', async (t) => {
  const { add, log, names } = open(t)
  t.strictSame(await Promise.all([add('a'), add('b'), add('c')]), [1, 1, 1])
  t.strictSame(log, ['BEGIN IMMEDIATE', 'COMMIT'])
  t.strictSame(names(), ['a', 'b', 'c'])
})

t.test('one that fails takes back only itself', async (t) => {
  const { commits, add, database, names } = open(t)
  const failing = commits.run(() => {
    database.exec("insert into things values ('half')")
    throw new Error('changed its mind')
  })
  const [first, second, third, fourth] = await Promise.allSettled([add('a'), failing, add('a'), add('b')])
  t.match(first, { status: 'fulfilled', value: 1 })
  t.match(second, { status: 'rejected', reason: { message: 'changed its mind' } })
  t.match(third, { status: 'rejected', reason: { code: 'SQLITE_CONSTRAINT_PRIMARYKEY' } })
  t.match(fourth, { status: 'fulfilled' })
  t.strictSame(names(), ['a', 'b'])
})

t.test('nothing is acknowledged before its commit', async (t) => {
  const { add, path } = open(t)
  const other = new Database(path, { readonly: true })
  t.teardown(() => other.close())
  for (const name of ['a', 'b', 'c']) {
    await add(name)
    t.equal(other.prepare('select count(*) from things where name = ?').pluck().get(name), 1)
  }
})

t.test('a batch is bounded, and the rest follows in order', async (t) => {
  const { commits, log } = open(t, { maxBatch: 2 })
  const order: number[] = []
  await Promise.all([1, 2, 3, 4, 5].map((number) => commits.run(() => order.push(number))))
  t.strictSame(order, [1, 2, 3, 4, 5])
  t.equal(log.filter((statement) => statement === 'COMMIT').length, 3)
})

t.test('a commit that fails fails all of its writes, and the next ones go on', async (t) => {
  const { database, add, names } = open(t)
  database.pragma('foreign_keys = ON')
  database.exec(`create table parents (id integer primary key);
    create table children (parent integer references parents (id) deferrable initially deferred)`)
  const commits = createGroupCommit(database, { busyTimeoutMs: 0 })
  const outcomes = await Promise.allSettled([
    commits.run(() => database.exec("insert into things values ('lost')")),
    // Deferred: the violation shows only at the commit.
    commits.run(() => database.exec('insert into children values (7)')),
    // Taken by a neighbour whose write does not come to be.
    commits.run(() => database.exec("insert into things values ('lost')"))
  ])
  for (const outcome of outcomes) t.match(outcome, { reason: { code: 'SQLITE_CONSTRAINT_FOREIGNKEY' } })
  t.equal(await add('kept'), 1)
  t.strictSame(names(), ['kept'])
})

t.test('a lock that another holds is waited for without holding the event loop', async (t) => {
  const { add, path, names } = open(t)
  const other = new Database(path)
  t.teardown(() => other.close())
  other.exec('BEGIN IMMEDIATE')
  const write = add('a')
  // Turns of the loop go by, in which a blocked one would let nothing happen.
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
  t.strictSame(names(), [])
  other.exec('COMMIT')
  t.equal(await write, 1)
  t.strictSame(names(), ['a'])
})

t.test('a lock that is held for too long is a store that is away', async (t) => {
  const { add, path } = open(t, { busyTimeoutMs: 50 })
  const other = new Database(path)
  t.teardown(() => other.close())
  other.exec('BEGIN IMMEDIATE')
  const outcomes = await Promise.allSettled([add('a'), add('b')])
  for (const outcome of outcomes) t.match(outcome, { reason: { code: 'unavailable', status: 503 } })
  other.exec('COMMIT')
  t.equal(await add('c'), 1, 'it recovers by itself')
})

t.test(
  'an error that ends the whole transaction fails the writes before it, and runs the ones after',
  async (t) => {
    const { database, commits, add, names } = open(t)
    const outcomes = await Promise.allSettled([
      add('before'),
      commits.run(() => {
        // What SQLite does by itself when the disk is full: the transaction is gone when the statement returns.
        database.exec('ROLLBACK')
        throw Object.assign(new Database.SqliteError('database or disk is full', 'SQLITE_FULL'))
      }),
      add('after')
    ])
    t.match(outcomes[0], { reason: { code: 'storage_full', status: 507 } })
    t.match(outcomes[1], { reason: { code: 'storage_full' } })
    t.match(outcomes[2], { status: 'fulfilled' })
    t.strictSame(names(), ['after'])
  }
)

t.test('a unit that can’t be taken back alone takes the whole transaction with it', async (t) => {
  const { database, commits, add, names } = open(t)
  const outcomes = await Promise.allSettled([
    add('before'),
    commits.run(() => {
      database.exec("insert into things values ('half')")
      // Without its savepoint there is nothing to roll back to.
      database.exec('RELEASE unit')
      throw new Error('changed its mind')
    }),
    add('after')
  ])
  t.match(outcomes, [
    { status: 'rejected', reason: { message: 'changed its mind' } },
    { status: 'rejected', reason: { message: 'changed its mind' } },
    { status: 'fulfilled', value: 1 }
  ])
  t.strictSame(names(), ['after'])
})

t.test('a transaction that was left open is rolled back before the next begins', async (t) => {
  const { database, add, names } = open(t)
  database.exec("BEGIN; insert into things values ('left open')")
  t.equal(await add('a'), 1)
  t.strictSame(names(), ['a'])
})

t.test('closing commits what waits and refuses more', async (t) => {
  const { commits, add, names } = open(t)
  const waiting = [add('a'), add('b')]
  commits.close()
  t.strictSame(await Promise.all(waiting), [1, 1])
  t.strictSame(names(), ['a', 'b'])
  await t.rejects(add('c'), { code: 'unavailable' })
})

t.test('many writes don’t wait for the end of the turn', async (t) => {
  const { add, log } = open(t)
  const writes = Array.from({ length: 30 }, (_, index) => add(`${index}`))
  t.strictSame(log, ['BEGIN IMMEDIATE', 'COMMIT'], 'the first of them are committed already')
  t.ok((await Promise.all(writes)).every((changes) => changes === 1))
})

t.test('a single statement that fails takes back only itself, without a savepoint', async (t) => {
  const { commits, database, names, statements } = open(t)
  const insert = database.prepare('insert into things values (?)')
  const add = (name: string) => commits.runStatement(() => insert.run(name).changes)
  const outcomes = await Promise.allSettled([add('a'), add('a'), add('b')])
  t.match(outcomes, [
    { status: 'fulfilled' },
    { status: 'rejected', reason: { code: 'SQLITE_CONSTRAINT_PRIMARYKEY' } },
    { status: 'fulfilled' }
  ])
  t.strictSame(names(), ['a', 'b'])
  t.notOk(statements().some((sql) => sql.startsWith('SAVEPOINT')))
})

t.test('while it is paused writes wait, reads go on, and then all are done', async (t) => {
  const { commits, add, names } = open(t)
  commits.pause()
  const write = add('a')
  t.equal(await isPending(write), true)
  t.strictSame(names(), [])
  commits.resume()
  t.equal(await write, 1)
})

t.test('who watches is told when a transaction begins, is committed, and is lost', async (t) => {
  const told: string[] = []
  const observer = {
    begun: () => void told.push('begun'),
    committed: () => void told.push('committed'),
    lost: () => void told.push('lost')
  }
  const { add, commits, database } = open(t, { observer })
  await add('a')
  await commits
    .run(() => {
      database.exec('ROLLBACK')
      throw new Error('gone')
    })
    .catch(() => {})
  t.strictSame(told, ['begun', 'committed', 'begun', 'lost'])
})

/** As SQLite does when the disk is full: the transaction is gone when the statement returns. */
function meetFullDisk(database: Database.Database): never {
  database.exec('ROLLBACK')
  throw Object.assign(new Database.SqliteError('database or disk is full', 'SQLITE_FULL'))
}

t.test('on a full disk what frees is done with the room that is made, and the rest is refused', async (t) => {
  const made: string[] = []
  let short = false
  const room = {
    isShort: () => short,
    make() {
      made.push('room')
      short = true
    }
  }
  const { database, commits, add, names } = open(t, { room })
  await add('a')
  const remove = (name: string) =>
    commits.run(() => database.exec(`delete from things where name = '${name}'`), { frees: true })
  const outcomes = await Promise.allSettled([
    add('b'),
    commits.run(() => made.length > 0 || meetFullDisk(database), { frees: true }),
    remove('a'),
    add('c')
  ])
  t.match(outcomes, [
    { reason: { code: 'storage_full', status: 507 } },
    { status: 'fulfilled' },
    { status: 'fulfilled' },
    { reason: { code: 'storage_full', status: 507 } }
  ])
  t.strictSame(made, ['room'])
  t.strictSame(names(), [])
  short = false
  t.equal(await add('d'), 1, 'once there is room again, everything is written')
})

t.test('what frees and finds no room a second time is refused', async (t) => {
  const room = { isShort: () => false, make() {} }
  const { database, commits, add } = open(t, { room })
  await t.rejects(
    commits.run(() => meetFullDisk(database), { frees: true }),
    { code: 'storage_full' }
  )
  t.equal(await add('a'), 1)
})
