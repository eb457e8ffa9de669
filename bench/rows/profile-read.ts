import { fillUsers } from '../harness/fill-users.ts'
import { interleave } from '../harness/interleave.ts'
import type { Row } from '../harness/row.ts'
import { ratioOf } from '../harness/statistics.ts'
import { withServers } from '../harness/with-servers.ts'
import { readRequests, spreadIds } from '../load/profile-requests.ts'
import { SECRET } from '../servers/start.ts'
import { programSubjects } from './program-subject.ts'
import { USERS } from './sizes.ts'

/** One's own profile beside the same route without a database. */
export const profileRead: Row = async (bench) => {
  const folder = bench.makeFolder('profile-read')
  fillUsers(`${folder}/profile.db`, USERS)
  const requests = readRequests(spreadIds(USERS, USERS), SECRET)
  const env = { BENCH_USERS: String(USERS) }
  return withServers(async (keep) => {
    const subject = programSubjects(bench, keep, { folder, env, requests })
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
