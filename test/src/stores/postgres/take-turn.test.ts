import pg from 'pg'
import t from 'tap'
import { eventually } from '../../../helper.ts'
import { startPostgres } from '../../../postgres.ts'
import { openStores, prepareDatabase, querySql } from '../../../postgres-stores.ts'

const AHEAD_MS = 200

t.test('who waits for a turn that is being taken asks for the time afterwards', async (t) => {
  const url = await (await prepareDatabase(await startPostgres(t)))()
  const { users } = await openStores(t, { url })
  const other = new pg.Client(url)
  await other.connect()
  t.teardown(() => other.end())
  await other.query('begin')
  // Later than the other's statement begins, and not than it ends.
  const takenAt = Date.now() + AHEAD_MS
  await other.query('insert into turns (task, taken_at) values ($1, $2)', ['sweep', takenAt])
  const taking = users.takeTurn?.('sweep', 3_600_000)
  const waiting =
    "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
  await eventually('it waits for the row', async () => (await querySql(url, waiting)).length === 1)
  await eventually('that time has come', () => Date.now() > takenAt)
  await other.query('commit')
  t.equal(await taking, false)
  t.match(await querySql(url, 'select * from turns'), [{ task: 'sweep', taken_at: String(takenAt) }])
})
