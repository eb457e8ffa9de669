import pg from 'pg'
import t from 'tap'
import { byName, newest, sessionsOf } from '../../../../src/stores/postgres/admin-statements.ts'
import { connectionOptions } from '../../../../src/stores/postgres/connection-options.ts'
import { openPool } from '../../../../src/stores/postgres/postgres-database.ts'
import { createPostgresFigures } from '../../../../src/stores/postgres/postgres-figures.ts'
import { startPostgres } from '../../../postgres.ts'
import { makeDatabase, openStores, querySql } from '../../../postgres-stores.ts'

const USERS = 20_000

const server = await startPostgres(t)
const url = await makeDatabase(server)
await openStores(t, { url })
// A third of the users have a picture.
await querySql(
  url,
  `insert into users (username, username_key, email, email_key, password, date_joined, avatar)
   select n, 'user_' || n, n, n || '@example.com', '!', 0, case when n % 3 = 0 then n || '.jpg' end
   from generate_series(1, ${USERS}) n`
)

interface PlanNode {
  'Node Type': string
  'Index Name'?: string
  'Scan Direction'?: string
  Plans?: PlanNode[]
}

const describe = (node: PlanNode): string[] => [
  [node['Node Type'], node['Scan Direction'], node['Index Name']].filter(Boolean).join(' '),
  ...(node.Plans ?? []).flatMap(describe)
]

/** How a connection goes about a statement, whose values are given as SQL. */
async function planOf(client: pg.Client, text: string, values: string): Promise<string[]> {
  await client.query(`prepare explained as ${text}`)
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
    `explain (format json) execute explained (${values})`
  )
  await client.query('deallocate explained')
  return rows.flatMap((row) => describe(row['QUERY PLAN'][0].Plan))
}

t.test('no page looks at more than its rows, whatever the server knows of them', async (t) => {
  const client = new pg.Client(url)
  await client.connect()
  t.teardown(() => client.end())
  const cases = [
    [newest, '4711, 25', 'Index Scan Backward users_pkey'],
    [byName.username.from, "'user_1', 25", 'Index Scan Forward users_username_key_unique'],
    [byName.username.after, "'user_1', 25", 'Index Scan Forward users_username_key_unique'],
    [byName.email.from, "'1', 25", 'Index Scan Forward users_email_key_unique'],
    [byName.email.after, "'1', 25", 'Index Scan Forward users_email_key_unique']
  ] as const
  for (const isAnalysed of [false, true]) {
    if (isAnalysed) await client.query('analyze users')
    for (const mode of ['force_generic_plan', 'force_custom_plan']) {
      await client.query(`set plan_cache_mode = ${mode}`)
      for (const [{ name, text }, values, scan] of cases)
        t.strictSame(await planOf(client, text, values), ['Limit', scan], `${name}, ${mode}, ${isAnalysed}`)
    }
  }
  await client.query(
    `insert into sessions (id, user_id, expires_at) select gen_random_uuid(), id, 0 from users; analyze sessions`
  )
  const plan = await planOf(client, sessionsOf.text, '1, 25')
  t.ok(
    plan.some((node) => node.includes('sessions_user')),
    `${plan}`
  )
  await client.query('delete from sessions')
})

t.test('users are counted up to a bound, and are the server’s estimate beyond it', async (t) => {
  const settings = { url, connectTimeoutMs: 5000, statementTimeoutMs: 5000 }
  const database = openPool(connectionOptions(settings), 2)
  t.teardown(() => database.close())
  const figures = (most: number) => createPostgresFigures(database, most)()
  const avatars = Math.floor(USERS / 3)
  await querySql(url, 'analyze')
  t.match(await figures(USERS), {
    users: USERS,
    usersEstimated: false,
    avatars,
    sessions: 0,
    acts: 0,
    databaseFreeBytes: null
  })
  t.match(await figures(USERS - 1), { users: USERS, usersEstimated: true, avatars })
  t.match(await figures(avatars - 1), { usersEstimated: true, avatars: null })
  t.ok(Number((await figures(10)).databaseBytes) > USERS * 100)
  await querySql(url, 'delete from users where id > 50')
  await querySql(url, 'analyze users')
  t.match(await figures(50), { users: 50, usersEstimated: false, avatars: 16 })
})
