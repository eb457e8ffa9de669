import type { Test } from 'tap'
import { type DjangoSource, SourceError, type UserTable } from '../../src/django/django-source.ts'
import { findUserTable } from '../../src/django/find-user-table.ts'
import { readUser } from '../../src/django/read-user.ts'
import { readBoolean, readText, readTime } from '../../src/django/read-values.ts'
import { djangoUser, type Row } from '../django-database.ts'

/** What a test puts into the database that a source then reads. Names are taken as they are, booleans as each has them. */
export interface Writer {
  execute(sql: string): Promise<void>
  insert(table: string, ...rows: Row[]): Promise<void>
}

export interface SourceFixture {
  writer: Writer
  /** A source over the database as it is now, closed when the test ends. */
  open(): Promise<DjangoSource>
  /** DDL in the database's dialect. */
  users: string
  tokens: string
}

const choice = { table: undefined, columns: new Map() }
async function tableOf(source: DjangoSource, given: Partial<Parameters<typeof findUserTable>[1]> = {}) {
  return findUserTable(await source.listTables(), { ...choice, ...given })
}

async function all(source: DjangoSource, table: UserTable) {
  const users = await source.listUsers(table, 0, 1000)
  return users.map((row) => readUser(row))
}

/** What every `DjangoSource` promises. `make` answers an empty database, gone when the test ends. */
export function djangoSourceContract(t: Test, make: (t: Test) => Promise<SourceFixture>): void {
  t.test('users come as they are, with their times to the millisecond', async (t) => {
    const { writer, open, users } = await make(t)
    await writer.execute(users)
    const full = {
      password: 'pbkdf2_sha256$1$a$b',
      first_name: 'Érika 🙂',
      last_name: 'O\'Neil "x"',
      number_phone: '0123',
      avatar: 'avatars/é a.png',
      is_active: false,
      is_staff: true,
      is_superuser: true,
      date_joined: '1969-12-31 23:59:59.999999',
      last_login: '2025-06-01 12:00:00.123456'
    }
    await writer.insert('users_users', djangoUser(1, 'ada'), djangoUser(7, 'bob', full))
    const source = await open()
    const table = await tableOf(source)
    t.equal(await source.countUsers(table), 2)
    t.strictSame(await all(source, table), [
      {
        id: 1,
        avatarPath: null,
        values: {
          username: 'ada',
          email: 'ada@example.com',
          password: '!unusable',
          first_name: '',
          last_name: '',
          number_phone: null,
          avatar: null,
          is_active: true,
          is_staff: false,
          is_superuser: false,
          date_joined: Date.parse('2025-01-02T03:04:05.678Z'),
          last_login: null
        }
      },
      {
        id: 7,
        avatarPath: 'avatars/é a.png',
        values: {
          ...full,
          username: 'bob',
          email: 'bob@example.com',
          avatar: 'é a.png',
          date_joined: -1,
          last_login: Date.parse('2025-06-01T12:00:00.123Z')
        }
      }
    ])
    t.equal(await source.hasAvatars(table), true)
  })

  t.test('pages are ascending by id and begin after one', async (t) => {
    const { writer, open, users } = await make(t)
    await writer.execute(users)
    for (const id of [9, 2, 5]) await writer.insert('users_users', djangoUser(id, `u${id}`))
    const source = await open()
    const table = await tableOf(source)
    const ids = async (after: number, limit: number) =>
      (await source.listUsers(table, after, limit)).map(({ id }) => id)
    t.strictSame(await ids(0, 2), [2, 5])
    t.strictSame(await ids(5, 2), [9])
    t.strictSame(await ids(9, 2), [])
    t.equal(await source.hasAvatars(table), false)
    t.equal(await source.lastUserId(table), 9)
  })

  t.test('what is written after the opening is not seen', async (t) => {
    const { writer, open, users } = await make(t)
    await writer.execute(users)
    await writer.insert('users_users', djangoUser(1, 'ada'))
    const source = await open()
    const table = await tableOf(source)
    // SQLite lets nobody write meanwhile, unless it keeps a log.
    await writer.insert('users_users', djangoUser(2, 'bob')).catch(() => {})
    t.equal((await source.listUsers(table, 0, 10)).length, 1)
    t.equal(await source.countUsers(table), 1)
  })

  t.test('ids that no user can have are told apart, as text', async (t) => {
    const { writer, open, users } = await make(t)
    await writer.execute(users)
    await writer.insert(
      'users_users',
      ...[-5, 0, 3].map((id) => djangoUser(id, `u${id}`)),
      djangoUser(4, 'huge')
    )
    await writer.execute("UPDATE users_users SET id = 4503599627370497 WHERE username = 'huge'")
    const source = await open()
    const table = await tableOf(source)
    t.strictSame(
      (await source.listUsers(table, 0, 10)).map(({ id }) => id),
      [3]
    )
    t.equal(await source.countUsers(table), 4)
    t.strictSame(await source.listStrangeIds(table, 0, 2), ['-5', '0'])
    t.strictSame(await source.listStrangeIds(table, 2, 2), ['4503599627370497'])
    t.strictSame(await source.listStrangeIds(table, 3, 2), [])
  })

  t.test('UUIDs for ids are refused in a sentence', async (t) => {
    const { writer, open, users } = await make(t)
    await writer.execute(
      users.replace(
        /"id" \S+ NOT NULL PRIMARY KEY( AUTOINCREMENT| GENERATED BY DEFAULT AS IDENTITY)?/,
        '"id" char(32) NOT NULL'
      )
    )
    await writer.insert('users_users', { ...djangoUser(0, 'ada'), id: '0fb0e1d0c5a34d3bb0a7f4c2a0e6c1aa' })
    const source = await open()
    const error = await source.countUsers(await tableOf(source)).catch((error) => error)
    t.type(error, SourceError)
    t.match(error.message, /^the ids in users_users\.id are no whole numbers/)
  })

  t.test('names are quoted, columns mapped, and absent ones are unknown', async (t) => {
    const { writer, open } = await make(t)
    await writer.execute(
      `CREATE TABLE "my ""Users""; --" ("select" integer NOT NULL PRIMARY KEY, "login" varchar(150), "e mail" text, "password" text,
       "tel" integer, "active" integer)`
    )
    const row = { select: 1, login: 'ada', 'e mail': 'ada@example.com', password: 'x', tel: 123, active: 0 }
    await writer.insert('my "Users"; --', row)
    const source = await open()
    const columns = new Map([
      ['id', 'select'],
      ['username', 'login'],
      ['email', 'e mail'],
      ['number_phone', 'tel'],
      ['is_active', 'active']
    ] as const)
    const table = await tableOf(source, { table: 'my "Users"; --', columns })
    const [user] = await source.listUsers(table, 0, 10)
    t.equal(user?.first_name, undefined)
    t.equal(user?.date_joined, undefined)
    t.equal(readText(user?.number_phone), '123')
    t.equal(readBoolean(user?.is_active), false)
    t.match(await all(source, table), [
      {
        id: 1,
        values: { username: 'ada', first_name: '', is_active: false, is_staff: false, date_joined: undefined }
      }
    ])
    t.equal(await source.hasAvatars(table), false)
    t.equal(await source.lastUserId(table), 1)
    t.equal(await source.countTokens(table), undefined)
  })

  t.test('a text that is far too long is never read whole', async (t) => {
    const { writer, open, users } = await make(t)
    await writer.execute(users.replace('"first_name" varchar(200)', '"first_name" text'))
    await writer.insert(
      'users_users',
      djangoUser(1, 'ada', { first_name: 'x'.repeat(1_000_000) }),
      djangoUser(2, 'bob', { first_name: '🙂'.repeat(4097) }),
      djangoUser(3, 'cyd', { first_name: '🙂'.repeat(4096) })
    )
    const source = await open()
    const table = await tableOf(source)
    const rows = await source.listUsers(table, 0, 10)
    t.ok(rows.every(({ first_name }) => String(first_name).length < 20_000))
    const why = 'longer than 4096 characters'
    t.match(rows.map(readUser), [
      { field: 'first_name', why },
      { field: 'first_name', why },
      { values: { first_name: '🙂'.repeat(4096) } }
    ])
  })

  t.test('ids of deleted users count among those that were given', async (t) => {
    const { writer, open, users } = await make(t)
    await writer.execute(users)
    const rows = [djangoUser(1, 'ada'), djangoUser(2, 'bob')]
    // Without an id of its own, each takes the next one.
    for (const { id, ...row } of rows) await writer.insert('users_users', row)
    await writer.execute('DELETE FROM users_users WHERE id = 2')
    const source = await open()
    t.equal(await source.lastUserId(await tableOf(source)), 2)
  })

  t.test('tokens come with their times, and whether they are blacklisted', async (t) => {
    const { writer, open, users, tokens } = await make(t)
    await writer.execute(users)
    await writer.execute(tokens)
    await writer.insert('users_users', djangoUser(1, 'ada'), djangoUser(9, 'bob'))
    const token = { token: 'secret', created_at: '2025-01-01 00:00:00', expires_at: '2035-01-01 00:00:00.5' }
    await writer.insert(
      'token_blacklist_outstandingtoken',
      { ...token, id: 1, jti: 'a', user_id: 1 },
      { ...token, id: 2, jti: 'b', user_id: 9, created_at: null },
      { ...token, id: 3, jti: 'c', user_id: null }
    )
    await writer.insert('token_blacklist_blacklistedtoken', {
      id: 1,
      blacklisted_at: token.created_at,
      token_id: 2
    })
    const source = await open()
    const table = await tableOf(source)
    t.strictSame(await source.countTokens(table), { count: 3, lastUserId: 9 })
    const found = await source.listTokens(table, 0, 2)
    t.strictSame(
      found.map(({ jti, userId, isBlacklisted }) => [jti, userId, isBlacklisted]),
      [
        ['a', 1, false],
        ['b', 9, true]
      ]
    )
    t.equal(readTime(found[0]?.expiresAt), Date.parse('2035-01-01T00:00:00.500Z'))
    t.equal(readTime(found[0]?.createdAt), Date.parse('2025-01-01T00:00:00Z'))
    t.equal(found[1]?.createdAt, null)
    t.notMatch(JSON.stringify(found), 'secret')
    t.match(await source.listTokens(table, 2, 2), [{ id: 3, userId: null }])
    t.strictSame(await source.listTokens(table, 3, 2), [])
  })

  t.test('the table is found, or the choice is told', async (t) => {
    const { writer, open, users } = await make(t)
    /** Opened anew, because it shows what was there when it was opened. */
    const find = async (given = {}) => {
      const source = await open()
      try {
        return await tableOf(source, given)
      } finally {
        await source.close()
      }
    }
    const refusal = async (given = {}) => (await find(given).catch((error) => error)).message
    t.match(await refusal(), /^no table looks like users .* There are no tables at all$/)
    await writer.execute('CREATE TABLE other (id integer, username text)')
    t.match(await refusal(), /^no table looks like users .* The tables are other; --table names one/)
    t.match(await refusal({ table: 'nothing' }), /^there is no table nothing\. The tables are other/)
    t.match(
      await refusal({ table: 'other' }),
      /^other has no column email, password; its columns are id, username\./
    )
    await writer.execute(users)
    t.match(await find(), { name: 'users_users', columns: { id: 'id', avatar: 'avatar' } })
    t.match(
      await refusal({ columns: new Map([['avatar', 'picture']]) }),
      /^--column avatar=picture: users_users has no column picture; its columns are id, password/
    )
    await writer.execute(users.replaceAll('users_users', 'accounts_user'))
    t.equal(
      await refusal(),
      'several tables look like users: accounts_user, users_users. --table says which it is'
    )
    t.match(await find({ table: 'accounts_user' }), { name: 'accounts_user' })
  })
}
