import { readdirSync } from 'node:fs'
import t from 'tap'
import { freePort } from '../../../../bench/harness/processes.ts'
import { openPostgresStores } from '../../../../src/stores/postgres/open-postgres.ts'
import { IDENTITY_KEY_RULE, identityKey } from '../../../../src/users/identity.ts'
import { newUser } from '../../../contracts/user-store.ts'
import { POSTGRES_PASSWORD, startPostgres } from '../../../postgres.ts'
import { changeUrl, makeDatabase, openStores, querySql } from '../../../postgres-stores.ts'
import { run } from '../../../service.ts'

const server = await startPostgres(t)

const MIGRATIONS = readdirSync(new URL('../../../../drizzle/postgres', import.meta.url)).filter((name) =>
  name.endsWith('.sql')
)

const migrationsOf = (url: string) =>
  querySql<{ id: number; hash: string }>(url, 'select id, hash from drizzle.__drizzle_migrations order by id')

t.test('many that open a new database at once find one schema', async (t) => {
  const url = await makeDatabase(server)
  const all = await Promise.all(Array.from({ length: 8 }, () => openStores(t, { url })))
  for (const [index, { users }] of all.entries()) await users.create(newUser(`user${index}`))
  t.equal((await all[0]?.users.list(undefined, 100))?.length, 8)
  t.equal((await migrationsOf(url)).length, MIGRATIONS.length)
  t.strictSame(await querySql(url, 'select rule from name_key_rule'), [{ rule: IDENTITY_KEY_RULE }])
  const locks = await querySql(url, "select 1 from pg_locks where locktype = 'advisory'")
  t.strictSame(locks, [], 'nobody keeps the lock')
})

t.test('a schema that is newer than this program stays as it is', async (t) => {
  const url = await makeDatabase(server)
  await (await openPostgresStores({ url })).close()
  await querySql(
    url,
    "insert into drizzle.__drizzle_migrations (hash, created_at) values ('newer', 9000000000000)"
  )
  await querySql(url, 'update name_key_rule set rule = 99')
  const { users } = await openStores(t, { url })
  t.match(await users.create(newUser('ada')), { username: 'ada' })
  t.equal((await migrationsOf(url)).length, MIGRATIONS.length + 1)
  t.strictSame(await querySql(url, 'select rule from name_key_rule'), [{ rule: 99 }])
})

t.test('who may only read and write rows opens a database that is up to date, and no other', async (t) => {
  const [ready, empty] = [await makeDatabase(server), await makeDatabase(server)]
  await (await openPostgresStores({ url: ready })).close()
  await querySql(ready, "create role humble login password 'humble-password'")
  await querySql(
    ready,
    `grant select, insert, update, delete on all tables in schema public to humble;
     grant usage on schema drizzle to humble; grant select on all tables in schema drizzle to humble`
  )
  const as = (url: string) => changeUrl(url, { username: 'humble', password: 'humble-password' })
  const { users, sessions } = await openStores(t, { url: as(ready) })
  const { id } = await users.create(newUser('ada'))
  await sessions.start(id, { jti: 'a', expiresAt: 1 }, 0)
  t.match(await users.revokeTokens(id, 5), { tokenEpoch: 5 })
  await t.rejects(openPostgresStores({ url: as(empty) }), {
    name: 'StoreRefused',
    message: /^permission denied/
  })
})

t.test('keys of an older rule are made anew once, and nobody loses an account by it', async (t) => {
  const url = await makeDatabase(server)
  await (await openPostgresStores({ url })).close()
  const names = [
    'alice',
    'аlice',
    'Zoë',
    'вова',
    ...Array.from({ length: 1500 }, (_, index) => `Имя${index}`)
  ]
  await querySql(
    url,
    `insert into users (username, username_key, email, email_key, password, date_joined)
     select name, lower(name), n || '@почта.рф', n || '@почта.рф', '!', 0
     from unnest($1::text[]) with ordinality as given (name, n)`,
    [names]
  )
  await querySql(url, 'update name_key_rule set rule = 0')
  await Promise.all([1, 2, 3].map(async () => (await openPostgresStores({ url })).close()))

  const rows = await querySql<{ username: string; username_key: string; email: string; email_key: string }>(
    url,
    'select username, username_key, email, email_key from users order by id'
  )
  t.equal(rows.length, names.length)
  t.strictSame(
    rows.filter(({ username, username_key: key }) => key !== identityKey(username)),
    [{ ...rows[1], username: 'аlice', username_key: 'аlice' }],
    'only whose new key is another’s keeps the old one'
  )
  t.strictSame(
    rows.filter(({ email, email_key: key }) => key !== identityKey(email)),
    []
  )
  await querySql(url, "update users set username_key = 'x' where username = 'вова'")
  await (await openPostgresStores({ url })).close()
  t.strictSame(
    await querySql(url, "select username_key from users where username = 'вова'"),
    [{ username_key: 'x' }],
    'where the rule is the newest, nothing is looked at'
  )
})

t.test('what can’t be opened is refused by the setting’s name, and without the password', async (t) => {
  const cases: [change: Parameters<typeof changeUrl>[1], message: RegExp][] = [
    [{ password: 'wrong-password' }, /^password authentication failed for user "django"$/],
    [{ password: '' }, /^the server asks for a password$/],
    [{ username: 'nobody' }, /^password authentication failed for user "nobody"$/],
    [{ pathname: '/nowhere' }, /^database "nowhere" does not exist$/],
    [{ port: String(await freePort()) }, /^the server can't be reached \(ECONNREFUSED\)$/],
    [{ hostname: 'nowhere.invalid' }, /^the server can't be reached \((ENOTFOUND|EAI_AGAIN)\)$/],
    [{ search: '?sslmode=require' }, /^the server does not take TLS$/],
    [{ search: '?sslmode=prefer' }, /^expected sslmode=disable\|require/],
    [{ search: '?sslmod=require' }, /^knows no sslmod/],
    [{ search: '?sslmode=verify-ca' }, /^sslmode=verify-ca needs sslrootcert/],
    [{ search: '?sslmode=verify-full&sslrootcert=/nowhere.pem' }, /^sslrootcert: .*ENOENT/],
    [{ search: '?sslmode=require&sslcert=/nowhere.pem' }, /^sslcert and sslkey only go together/]
  ]
  for (const [change, message] of cases) {
    const name = JSON.stringify(change)
    const error = await openPostgresStores({ url: changeUrl(server.url, change) }).catch((error) => error)
    t.match(error, { name: 'StoreRefused', setting: 'DATABASE_URL', message }, name)
    t.notMatch(error.message, POSTGRES_PASSWORD, name)
    t.notMatch(error.message, /wrong-password/, name)
  }
})

t.test('a command says which setting it is, and nothing of the password', async (t) => {
  const env = {
    DATABASE_URL: changeUrl(server.url, { password: 'wrong-password' }),
    JWT_SECRET: 'x'.repeat(40)
  }
  const { code, stdout, stderr } = await run(t.testdir(), { env, args: ['list-users'] }).ended
  t.equal(code, 2)
  t.match(stderr, /DATABASE_URL: password authentication failed for user "django"\n$/)
  t.notMatch(stdout + stderr, /wrong-password/)
})

t.test('a server that comes up later is waited for, which is said once', async (t) => {
  const url = await makeDatabase(server)
  await server.stop()
  const reasons: string[] = []
  const opening = openPostgresStores({
    url,
    waitMs: 60_000,
    onWait(reason) {
      reasons.push(reason)
      void server.start()
    }
  })
  const { users, close } = await opening
  t.equal(await users.isEmpty(), true)
  await close()
  t.strictSame(reasons, ["the server can't be reached (ECONNREFUSED)"])
})
