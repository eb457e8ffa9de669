import t from 'tap'
import type { UserId } from '../../../../src/users/user.ts'
import { oldSchema } from '../../../old-schema.ts'
import { startPostgres } from '../../../postgres.ts'
import { makeDatabase, openStores, querySql } from '../../../postgres-stores.ts'

const server = await startPostgres(t)

/** Before administrators' tables. */
const OLD = 1

t.test('a database of before gets what administrators need, and its sessions go on', async (t) => {
  const url = await makeDatabase(server)
  const { statements, seen } = oldSchema('postgres', OLD)
  for (const statement of statements) await querySql(url, statement)
  await querySql(
    url,
    `create schema drizzle;
     create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`
  )
  for (const { hash, createdAt } of seen)
    await querySql(url, 'insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)', [
      hash,
      createdAt
    ])
  await querySql(
    url,
    `insert into name_key_rule (rule) values (1);
     insert into users (id, username, username_key, email, email_key, password, date_joined) values (7, 'ada', 'ada', 'a@b.c', 'a@b.c', '!', 0);
     insert into sessions (id, user_id, expires_at) values ('00000000-0000-4000-8000-000000000000', 7, 9000);
     insert into refresh_tokens (jti, session_id, expires_at) values ('old', '00000000-0000-4000-8000-000000000000', 9000)`
  )
  const before = await querySql(url, 'select * from sessions')
  const tableFile = () => querySql(url, "select pg_relation_filenode('sessions') as file")
  const file = await tableFile()

  const { admin, audit, sessions } = await openStores(t, { url })
  const id = 7 as UserId
  t.strictSame(await querySql(url, 'select * from sessions'), [{ ...before[0], started_at: null }])
  t.strictSame(await tableFile(), file, 'no row was written anew')
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
