import { fillPostgres, measureRows } from '../harness/fill-postgres.ts'
import { interleave } from '../harness/interleave.ts'
import { loadSubject } from '../harness/load-subject.ts'
import { pgbenchSubject } from '../harness/pgbench-subject.ts'
import { startPostgres } from '../harness/postgres-server.ts'
import type { Bench, Row, RowResult } from '../harness/row.ts'
import { ratioOf } from '../harness/statistics.ts'
import { withServers } from '../harness/with-servers.ts'
import { readRequests, refreshRequests, spreadIds, updateRequests } from '../load/profile-requests.ts'
import { SECRET, startProgram } from '../servers/start.ts'
import { CONNECTIONS, USERS } from './sizes.ts'

/** What the service's update writes, as one prepared statement of nobody's but the database. */
const UPDATE = `\\set id random(1, ${USERS})
\\set n random(0, 9999)
UPDATE users SET first_name = 'Alice ' || :n, last_name = 'Wonderland ' || :n, number_phone = '555' || :n WHERE id = :id;
`

const SELECT = `\\set id random(1, ${USERS})
SELECT * FROM users WHERE id = :id;
`

/** The durable JSON update over PostgreSQL beside PostgreSQL's own benchmark, and what rows take up there. */
export const postgres: Row = async (bench) => [await measureUpdate(bench), await measureSizes(bench)]

const measureUpdate = (bench: Bench): Promise<RowResult> =>
  withServers(async (keep) => {
    const server = await startPostgres(bench.makeFolder('postgres'))
    keep(server)
    await fillPostgres(server.url, USERS)
    const service = keep(
      await startProgram('service', {
        folder: bench.makeFolder('node'),
        env: { DATABASE_URL: server.url, LOG_LEVEL: 'silent', REFRESH_REUSE_GRACE: '3600' }
      })
    )
    const ids = spreadIds(USERS, USERS)
    const load = { server: service, connections: CONNECTIONS }
    const contestants = await interleave(
      [
        await loadSubject(bench, { ...load, name: 'service', requests: updateRequests(ids, SECRET) }),
        pgbenchSubject(bench, {
          name: 'pgbench, prepared',
          postgres: server,
          script: UPDATE,
          clients: CONNECTIONS
        }),
        await loadSubject(bench, { ...load, name: 'service, reads', requests: readRequests(ids, SECRET) }),
        pgbenchSubject(bench, {
          name: 'pgbench, prepared reads',
          postgres: server,
          script: SELECT,
          clients: CONNECTIONS
        }),
        await loadSubject(bench, {
          ...load,
          name: 'service, refreshes',
          requests: refreshRequests(ids, SECRET)
        })
      ],
      bench.rounds,
      bench.log
    )
    const [ours, ceiling, reads, readCeiling] = contestants.map(({ samples }) => samples.requestsPerSecond)
    return {
      id: 'postgres-update',
      title: 'Over PostgreSQL, without logging: JSON update, GET own profile, refresh',
      contestants,
      ratios: [
        ratioOf('updates/s ÷ pgbench, one statement', ours, ceiling, { atLeast: 0.5 }),
        ratioOf('reads/s ÷ pgbench, one statement', reads, readCeiling)
      ],
      facts: [{ label: 'PostgreSQL', value: `${server.version}, on the servers’ core too` }]
    }
  })

const measureSizes = (bench: Bench): Promise<RowResult> =>
  withServers(async (keep) => {
    const users = bench.quick ? 10_000 : 1_000_000
    const server = await startPostgres(bench.makeFolder('postgres-sizes'))
    keep(server)
    await fillPostgres(server.url, users, { sessions: true })
    const sizes = await measureRows(server.url)
    return {
      id: 'postgres-sizes',
      title: `Bytes of a row in PostgreSQL, of ${users.toLocaleString('en')} users`,
      contestants: [],
      ratios: [],
      facts: Object.entries(sizes).map(([what, { row, indexes }]) => ({
        label: what,
        value: `${Math.round(row)} and ${Math.round(indexes)} in its indexes`
      }))
    }
  })
