import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync
} from 'node:fs'
import { tmpdir } from 'node:os'

import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import t, { type Test } from 'tap'
import { DJANGO_TOKENS, DJANGO_USERS } from '../../../../bench/harness/django-database.ts'
import { SourceError } from '../../../../src/django/django-source.ts'
import { findUserTable } from '../../../../src/django/find-user-table.ts'
import { readUser } from '../../../../src/django/read-user.ts'
import { openSqliteSource } from '../../../../src/stores/django/sqlite-source.ts'
import { djangoSourceContract, type SourceFixture } from '../../../contracts/django-source.ts'
import { djangoUser, insertRow } from '../../../django-database.ts'

async function make(
  t: Test,
  journal = 'DELETE',
  folder = t.testdir()
): Promise<SourceFixture & { database: Database.Database; path: string }> {
  const path = `${folder}/django.sqlite3`
  const database = new Database(path, { timeout: 0 })
  database.pragma(`journal_mode = ${journal}`)
  t.teardown(() => database.close())
  return {
    database,
    path,
    users: DJANGO_USERS,
    tokens: DJANGO_TOKENS,
    writer: {
      execute: async (sql) => void database.exec(sql),
      insert: async (table, ...rows) => {
        for (const row of rows) insertRow(database, table, row)
      }
    },
    async open() {
      const source = openSqliteSource(path)
      t.teardown(() => source.close())
      return source
    }
  }
}

const choice = { table: undefined, columns: new Map() }

t.test('DjangoSource over a SQLite file', async (t) => djangoSourceContract(t, make))
t.test('DjangoSource over a SQLite file with a write-ahead log', async (t) =>
  djangoSourceContract(t, (t) => make(t, 'WAL'))
)

t.test('the file and its folder stay as they are', async (t) => {
  const { database, path, open, users, writer } = await make(t)
  await writer.execute(users)
  await writer.insert('users_users', djangoUser(1, 'ada'))
  database.close()
  const before = readFileSync(path)
  const source = await open()
  await source.listUsers(findUserTable(await source.listTables(), choice), 0, 10)
  await source.close()
  t.ok(readFileSync(path).equals(before))
  t.strictSame(readdirSync(dirname(path)), ['django.sqlite3'])
})

t.test('of a file with a write-ahead log that nobody has open nothing is left beside it', async (t) => {
  const { database, path, open, users, writer } = await make(t, 'WAL')
  await writer.execute(users)
  await writer.insert('users_users', djangoUser(1, 'ada'))
  const folder = dirname(path)
  const temporary = join(folder, 'tmp')
  mkdirSync(temporary)
  const { TMPDIR } = process.env
  process.env.TMPDIR = temporary
  t.teardown(() => {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
  })
  // As a backup has it: the log alone, not yet in the file.
  mkdirSync(join(folder, 'backup'))
  const backup = join(folder, 'backup/django.sqlite3')
  for (const ending of ['', '-wal']) copyFileSync(path + ending, backup + ending)
  database.close()
  for (const [file, there] of [
    [path, ['backup', 'django.sqlite3', 'tmp']],
    [backup, ['django.sqlite3', 'django.sqlite3-wal']]
  ] as const) {
    const source = file === path ? await open() : openSqliteSource(file)
    t.equal(await source.countUsers(findUserTable(await source.listTables(), choice)), 1)
    await source.close()
    t.strictSame(readdirSync(dirname(file)), there)
  }
  t.strictSame(readdirSync(temporary), [])
})

t.test('a write that a crash cut short is not read', async (t) => {
  const { database, path, users, writer } = await make(t)
  await writer.execute(users)
  for (let id = 1; id <= 200; id++) await writer.insert('users_users', djangoUser(id, `u${id}`))
  database.pragma('cache_size = 2')
  database.exec("BEGIN; UPDATE users_users SET first_name = 'half', last_name = hex(zeroblob(400))")
  const crashed = `${dirname(path)}/crashed.sqlite3`
  for (const ending of ['', '-journal']) copyFileSync(path + ending, crashed + ending)
  const source = openSqliteSource(crashed)
  t.teardown(() => source.close())
  const rows = await source.listUsers(findUserTable(await source.listTables(), choice), 0, 500)
  t.equal(rows.length, 200)
  t.ok(rows.every(({ first_name }) => first_name === ''))
})

t.test('a pipe or a folder is refused', async (t) => {
  const folder = t.testdir()
  execFileSync('mkfifo', [`${folder}/pipe`])
  for (const path of [folder, `${folder}/pipe`])
    t.throws(() => openSqliteSource(path), { name: 'SourceError', message: /is no file$/ })
})

/** Runs work as somebody whom permissions hold for, which they don't for root. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work()
  process.seteuid?.(65_534)
  try {
    return await work()
  } finally {
    process.seteuid?.(0)
  }
}

t.test('where the folder can’t be written, a log is read from a copy', async (t) => {
  // Not below the project, where nobody else may be let in.
  const folder = mkdtempSync(join(tmpdir(), 'read-only-'))
  t.teardown(() => {
    chmodSync(folder, 0o700)
    rmSync(folder, { recursive: true })
  })
  const { database, open, users, writer } = await make(t, 'WAL', folder)
  await writer.execute(users)
  await writer.insert('users_users', djangoUser(1, 'ada'))
  database.close()
  chmodSync(folder, 0o555)
  await asNobody(async () => {
    const source = await open()
    const table = findUserTable(await source.listTables(), choice)
    t.equal(await source.countUsers(table), 1)
    await source.close()
  })
  t.strictSame(readdirSync(folder), ['django.sqlite3'])
})

t.test('a file that is none, or no database, is refused and not made', async (t) => {
  const folder = t.testdir({
    'text.txt': 'no database at all, but longer than a header of one hundred bytes'.repeat(9)
  })
  t.throws(() => openSqliteSource(`${folder}/none.sqlite3`), SourceError)
  t.throws(() => openSqliteSource(`${folder}/none/none.sqlite3`), SourceError)
  t.throws(() => openSqliteSource(`${folder}/text.txt`), {
    name: 'SourceError',
    message: 'file is not a database'
  })
  t.notOk(existsSync(`${folder}/none.sqlite3`))
})

t.test('a column can hold anything', async (t) => {
  const { writer, open, users } = await make(t)
  await writer.execute(users.replaceAll('NOT NULL', '').replaceAll('UNIQUE', ''))
  const odd = [
    { username: 'nul\0l' },
    { username: `${'x'.repeat(20_000)}\0` },
    { username: null },
    { username: Buffer.from('blob') },
    { email: ' \t' },
    { password: null },
    { is_active: 'maybe' },
    { is_staff: null },
    { date_joined: 'yesterday' },
    { date_joined: '2025-02-30 00:00:00' },
    { date_joined: null },
    { last_login: 5 }
  ]
  for (const [index, over] of odd.entries())
    await writer.insert('users_users', { ...djangoUser(index + 1, `u${index}`), ...over })
  const source = await open()
  const rows = await source.listUsers(findUserTable(await source.listTables(), choice), 0, 100)
  t.strictSame(rows.map(readUser), [
    { field: 'username', why: 'holds a NUL character' },
    { field: 'username', why: 'longer than 4096 characters' },
    { field: 'username', why: 'null' },
    { field: 'username', why: 'not a text' },
    { field: 'email', why: 'blank' },
    { field: 'password', why: 'null' },
    { field: 'is_active', why: 'not true or false' },
    { field: 'is_staff', why: 'null' },
    { field: 'date_joined', why: 'not a time' },
    { field: 'date_joined', why: 'not a time' },
    { field: 'date_joined', why: 'null' },
    { field: 'last_login', why: 'not a time' }
  ])
})
