import Database from 'better-sqlite3'
import t from 'tap'
import { openSqliteStores } from '../../../../src/stores/sqlite/open-sqlite.ts'
import type { UserId } from '../../../../src/users/user.ts'
import { oldSchema } from '../../../old-schema.ts'

/** Before administrators' tables. */
const OLD = 5

t.test('a database of before gets what administrators need, and its sessions go on', async (t) => {
  const path = `${t.testdir()}/profile.db`
  const old = new Database(path)
  const { statements, seen } = oldSchema('sqlite', OLD)
  for (const statement of statements) old.exec(statement)
  old.exec(
    'create table __drizzle_migrations (id integer primary key, hash text not null, created_at numeric)'
  )
  const note = old.prepare('insert into __drizzle_migrations (hash, created_at) values (?, ?)')
  for (const { hash, createdAt } of seen) note.run(hash, createdAt)
  old.exec(`
    insert into users (id, username, username_key, email, email_key, password, date_joined) values (7, 'ada', 'ada', 'a@b.c', 'a@b.c', '!', 0);
    insert into sessions (id, user_id, expires_at) values ('00000000-0000-4000-8000-000000000000', 7, 9000);
    insert into refresh_tokens (jti, session_id, expires_at) values ('old', '00000000-0000-4000-8000-000000000000', 9000)`)
  const before = old.prepare('select * from sessions').get()
  old.close()

  const { admin, audit, sessions, close } = openSqliteStores({ path })
  t.teardown(close)
  const id = 7 as UserId
  const database = new Database(path, { readonly: true })
  t.teardown(() => database.close())
  t.strictSame(database.prepare('select * from sessions').get(), { ...Object(before), started_at: null })
  t.match(await admin.findByPrefix('username', 'a', undefined, 10), [{ key: 'ada', user: { id } }])
  t.match(await admin.sessionsOf(id, 10), [{ startedAt: null, lastUsedAt: null, expiresAt: 9000 }])
  t.equal(
    await sessions.rotate(
      id,
      { jti: 'old', expiresAt: 9000 },
      { jti: 'new', expiresAt: 9500 },
      { at: 5, graceMs: 0 }
    ),
    'rotated'
  )
  await sessions.start(id, { jti: 'next', expiresAt: 8000 }, 6)
  t.match(await admin.sessionsOf(id, 10), [
    { startedAt: null, lastUsedAt: 5, expiresAt: 9500 },
    { startedAt: 6, lastUsedAt: null, expiresAt: 8000 }
  ])
  t.strictSame(await audit.list({ limit: 10 }), [])
  t.strictSame(await admin.imports(10), [])
})
