import { mkdirSync, readdirSync } from 'node:fs'
import t from 'tap'
import { contentOf, deployed } from '../../../backups.ts'
import { sql } from '../../../commands.ts'
import { withDatabase } from '../../../helper.ts'
import { makeGround, move } from '../../../moves.ts'
import { startPostgres } from '../../../postgres.ts'

const server = await startPostgres(t)

t.test('rows that only SQLite takes are named, and nothing is moved before they are mended', async (t) => {
  const { folder, accounts } = await deployed(t, { users: 6 })
  const ids = accounts.map(({ id }) => id)
  const set = (column: string, value: string, id = 0) =>
    sql(folder, `update users set ${column} = ${value} where id = ?`, ids[id])
  set('first_name', "cast(x'ff41' as text)")
  set('last_name', "x'4142'", 1)
  set('date_joined', '1.5', 2)
  set('is_active', '7', 3)
  // Written as such, it is no damage.
  set('first_name', "char(0xfffd, 0) || 'a'", 4)
  withDatabase(`${folder}/data/profile.db`, (database) => {
    database.pragma('foreign_keys = OFF')
    database.exec(`
      insert into user_identities values ('i', 's', 999);
      update refresh_tokens set session_id = upper(session_id)
        where session_id in (select id from sessions where user_id = ${ids[4]});
      update sessions set id = upper(id) where user_id = ${ids[4]}`)
  })
  const { url, query, rows } = await makeGround(t, server)
  const { code, stdout, stderr } = await move(t, folder, '--to', url, '--json')
  t.strictSame([code, stderr], [1, 'Some rows can’t be moved.\n'])
  const { state, unfit } = JSON.parse(stdout)
  t.equal(state, 'unfit')
  t.strictSame(
    unfit.rows.map(({ table, key, column, reason }: Record<string, string | string[]>) => [
      table,
      String(key),
      column,
      reason
    ]),
    [
      ['users', String(ids[0]), 'first_name', 'is no UTF-8'],
      ['users', String(ids[1]), 'last_name', 'is bytes and no text'],
      ['users', String(ids[2]), 'date_joined', 'is no whole number'],
      ['users', String(ids[3]), 'is_active', 'is neither 0 nor 1'],
      ['user_identities', 'i,s', 'user_id', 'names a row of users that is not there'],
      ['sessions', unfit.rows[5]?.key[0], 'id', 'is no UUID in lower case'],
      ['refresh_tokens', unfit.rows[6]?.key[0], 'session_id', 'is no UUID in lower case']
    ]
  )
  t.equal((await query('select * from users')).length, 2)
  sql(folder, "insert into user_identities values ('still', 'open', ?)", ids[0])
  const text = await move(t, folder, '--to', url)
  t.match(text, { code: 1, stdout: new RegExp(`\n  users ${ids[0]}: first_name is no UTF-8\n`) })

  for (const [index, column] of ['first_name', 'last_name', 'date_joined', 'is_active'].entries())
    set(column, "'1'", index)
  sql(folder, 'delete from user_identities where user_id = 999')
  withDatabase(`${folder}/data/profile.db`, (database) => {
    database.pragma('foreign_keys = OFF')
    database.exec(
      'update sessions set id = lower(id); update refresh_tokens set session_id = lower(session_id)'
    )
  })
  t.match(await move(t, folder, '--to', url), { code: 0, stderr: '' })
  const there = await rows()
  const here = contentOf(folder).rows
  // As PostgreSQL's store writes U+0000.
  t.match(there.users?.[4], { first_name: '\ufffd\u00010a' })
  for (const name of ['user_identities', 'sessions', 'refresh_tokens']) t.strictSame(there[name], here[name])
})

t.test('nothing goes where something else is', async (t) => {
  const { folder } = await deployed(t, { users: 1 })
  const before = contentOf(folder)
  const { url, query } = await makeGround(t, server)
  t.match(await move(t, folder, '--to', url, '--ahead'), { code: 0 })
  await t.test('a part of another move', async (t) => {
    const other = await deployed(t, { users: 1 })
    const { code, stderr } = await move(t, other.folder, '--to', url)
    t.match([code, stderr], [1, /holds a part of sqlite:.*it has to be emptied first/])
  })
  await query('begin')
  await query('select pg_advisory_lock(7355608)')
  t.match(await move(t, folder, '--to', url), { code: 1, stderr: /Another move to .* is under way/ })
  await query('select pg_advisory_unlock(7355608)')
  await query('commit')
  await query('drop trigger store_migration_guard on users')
  await query('drop table store_migration')
  t.match(await move(t, folder, '--to', url), { code: 1, stderr: /is in use: it holds rows/ })
  await query('insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)', ['', 9e12])
  t.match(await move(t, folder, '--to', url), { code: 1, stderr: /by a newer version/ })
  t.strictSame(contentOf(folder), before)
})

t.test('what makes no sense is refused before anything is opened', async (t) => {
  const { folder } = await deployed(t, { users: 1 })
  const before = contentOf(folder)
  const cases: [string[], RegExp][] = [
    [[], /--to and --media-to are missing/],
    [['--to', 'sqlite:new.db'], /"backup" and "restore" move one/],
    [['--from', 'postgres://a', '--to', 'postgres://b'], /pg_dump and pg_restore/],
    [['--to', 'mysql://secret@b'], /expected sqlite:<path of a file> or postgres:.*not "mysql:\/\/…@b"/],
    [['--from', 'sqlite:none.db', '--to', 'postgres://b'], /none\.db does not exist/],
    [['--media-to', 'media'], /The pictures are there already/],
    [['--media', 'none', '--media-to', 'new'], /none\/avatars does not exist/],
    [['--media', 'media'], /--media-to, where they go, is missing|nothing to move/],
    [['--to', 'postgres://b', '--ahead', '--verify'], /exclude each other/],
    [['--reopen', '--to', 'postgres://b'], /--reopen takes --from alone/],
    [
      ['--to', 'postgres://u:hidden@127.0.0.1:1/b'],
      /postgres:\/\/127\.0\.0\.1:1\/b: the server can't be reached/
    ]
  ]
  for (const [args, sentence] of cases) {
    const { code, stdout, stderr } = await move(t, folder, ...args)
    t.match([code, stdout, stderr], [2, '', sentence], args.join(' '))
    t.notMatch(stderr, /hidden|secret/)
  }
  t.strictSame(contentOf(folder), before)
  t.strictSame(readdirSync(folder).sort(), ['data', 'media'])
})

t.test('missing pictures are named, and a wrong folder is no reason to lose all of them', async (t) => {
  const { folder, avatars } = await deployed(t, { users: 2 })
  const { url } = await makeGround(t, server)
  mkdirSync(`${folder}/unmounted/avatars`, { recursive: true })
  sql(folder, "update users set avatar = 'gone.jpg' where id = 1")
  const few = await move(t, folder, '--media', 'unmounted', '--media-to', 'new')
  t.match(few, { code: 0, stdout: /2 pictures that users refer to, missing where they were/ })
  for (let index = 0; index < 10; index++)
    sql(
      folder,
      "insert into users (username, username_key, email, email_key, password, date_joined, avatar) values (:name, :name, :name, :name, '!', 0, :name)",
      { name: `u${index}` }
    )
  const many = await move(t, folder, '--to', url, '--media', 'unmounted', '--media-to', 'new')
  t.match(many, { code: 1, stderr: /None of 12 pictures is where they should be/ })
  sql(folder, "delete from users where username like 'u_'")
  const { code, stdout } = await move(t, folder, '--to', url, '--media-to', 'new')
  t.match(
    [code, stdout],
    [0, /1 picture that users refer to, missing where they were, as before:\n {2}gone\.jpg\n/]
  )
  t.strictSame(readdirSync(`${folder}/new/avatars`), [avatars[1]])
})
