import Database from 'better-sqlite3'
import t, { type Test } from 'tap'
import { prepareCount } from '../../../../src/stores/sqlite/count-rows.ts'
import { prepareEstimate } from '../../../../src/stores/sqlite/estimate-users.ts'
import { openDatabase } from '../../../../src/stores/sqlite/open-database.ts'
import { createSqliteFigures } from '../../../../src/stores/sqlite/sqlite-figures.ts'

function opened(t: Test, rows: number) {
  const database = new Database(':memory:')
  t.teardown(() => database.close())
  database.exec(
    'create table things (id integer primary key, kind integer); create index things_kind on things (kind)'
  )
  // Long runs of the same, over the ends of pieces.
  database
    .prepare(
      'insert into things (kind) with recursive n(i) as (select 1 union all select i + 1 from n where i < ?) select i / 7001 from n'
    )
    .run(rows)
  return database
}

t.test('rows are counted exactly up to as many as are wanted', async (t) => {
  for (const rows of [1, 9999, 10_000, 10_001, 19_999, 20_000, 20_001, 35_000]) {
    const count = prepareCount(opened(t, rows), 'things', 'kind')
    t.equal(await count(rows), rows)
    t.equal(await count(rows + 12_345), rows)
    t.equal(await count(rows - 1), undefined, `${rows} are more than ${rows - 1}`)
  }
})

t.test('what is null is not counted', async (t) => {
  const database = opened(t, 25_000)
  database.exec('update things set kind = null where rowid % 2 = 0')
  t.equal(await prepareCount(database, 'things', 'kind')(100_000), 12_500)
  database.exec('update things set kind = null')
  t.equal(await prepareCount(database, 'things', 'kind')(100_000), 0)
})

t.test('others have their turn while rows are counted', async (t) => {
  const count = prepareCount(opened(t, 50_000), 'things', 'kind')
  let turns = 0
  let isCounting = true
  const turn = () => {
    turns++
    if (isCounting) setImmediate(turn)
  }
  setImmediate(turn)
  t.equal(await count(100_000), 50_000)
  isCounting = false
  t.ok(turns >= 4, `${turns} turns`)
})

/** Users of the given ids, without all that is not asked for here. */
function withUsers(t: Test, where: string) {
  const { $client: database } = openDatabase(':memory:', { busyTimeoutMs: 0, cacheKib: 10_000 })
  t.teardown(() => database.close())
  database.exec(`insert into users (id, username, username_key, email, email_key, password, date_joined, avatar)
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 60000)
    select i, '', i, '', i, '', 0, case when i % 3 = 0 then i end from n where ${where}`)
  return database
}

t.test('past as many as are counted, users are estimated by their ids, and no other rows', async (t) => {
  for (const where of ['true', 'i % 10 <> 0', 'i % 3 = 0', 'i < 20000 or i > 40000', 'i > 30000']) {
    const database = withUsers(t, where)
    const users = Number(database.prepare('select count(*) from users').pluck().get())
    const avatars = Number(database.prepare('select count(avatar) from users').pluck().get())
    const estimated = await prepareEstimate(database)()
    t.ok(Math.abs(estimated / users - 1) < 0.05, `${estimated} for ${users} of ${where}`)
    t.match(await createSqliteFigures(database, ':memory:', users)(), {
      users,
      usersEstimated: false,
      avatars
    })
    t.match(await createSqliteFigures(database, ':memory:', avatars)(), {
      users: avatars === users ? users : Math.max(estimated, avatars),
      usersEstimated: avatars !== users,
      avatars
    })
    t.match(await createSqliteFigures(database, ':memory:', avatars - 1)(), {
      usersEstimated: true,
      avatars: null,
      sessions: 0,
      acts: 0,
      databaseFreeBytes: null
    })
  }
})

t.test('of few ids the estimate is what there is', async (t) => {
  for (const users of [0, 1, 50, 100, 101]) {
    const estimated = await prepareEstimate(withUsers(t, `i <= ${users}`))()
    t.equal(estimated, users)
  }
})
