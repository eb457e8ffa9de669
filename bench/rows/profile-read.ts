import { fillUsers } from '../harness/fill-users.ts'
import { interleave } from '../harness/interleave.ts'
import { loadSubject } from '../harness/load-subject.ts'
import type { Row } from '../harness/row.ts'
import { ratioOf } from '../harness/statistics.ts'
import { withServers } from '../harness/with-servers.ts'
import { readRequests, spreadIds } from '../load/profile-requests.ts'
import { SECRET, startProgram } from '../servers/start.ts'
import { CONNECTIONS, USERS } from './json-update.ts'

/** One's own profile beside the same route without a database. */
export const profileRead: Row = async (bench) => {
  const folder = bench.makeFolder('profile-read')
  fillUsers(`${folder}/profile.db`, USERS)
  const requests = readRequests(spreadIds(USERS, USERS), SECRET)
  const env = { BENCH_USERS: String(USERS) }
  return withServers(async (keep) => {
    const subject = async (name: string, program: 'service' | 'no-database') =>
      loadSubject(bench, {
        name,
        server: keep(await startProgram(program, { folder, env })),
        requests,
        connections: CONNECTIONS
      })
    const contestants = await interleave(
      [await subject('service', 'service'), await subject('the same route, no database', 'no-database')],
      bench.rounds,
      bench.log
    )
    const [ours, ceiling] = contestants.map(({ samples }) => samples)
    const ratio = ratioOf('reads/s ÷ no database', ours?.requestsPerSecond, ceiling?.requestsPerSecond, {
      atLeast: 0.95
    })
    return [{ id: 'profile-read', title: 'GET own profile', contestants, ratios: [ratio], facts: [] }]
  })
}
