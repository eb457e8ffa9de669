import { fillUsers } from '../harness/fill-users.ts'
import { interleave } from '../harness/interleave.ts'
import type { Bench, Row, RowResult } from '../harness/row.ts'
import { ratioOf } from '../harness/statistics.ts'
import { withServers } from '../harness/with-servers.ts'
import { spreadIds, updateRequests } from '../load/profile-requests.ts'
import { SECRET } from '../servers/start.ts'
import { programSubjects } from './program-subject.ts'
import { USERS } from './sizes.ts'

/** The durable JSON update beside the same route without a database, once with the log as it is, once without. */
export const jsonUpdate: Row = async (bench) => [
  await measure(bench, 'info', 'json-update', 'JSON update, durable, logging as by default'),
  await measure(bench, 'silent', 'json-update-silent', 'JSON update, durable, without logging')
]

async function measure(bench: Bench, level: string, id: string, title: string): Promise<RowResult> {
  const requests = updateRequests(spreadIds(USERS, USERS), SECRET)
  const folder = bench.makeFolder(id)
  fillUsers(`${folder}/profile.db`, USERS)
  const env = { LOG_LEVEL: level, BENCH_USERS: String(USERS) }
  return withServers(async (keep) => {
    const subject = programSubjects(bench, keep, { folder, env, requests })
    const contestants = await interleave(
      [
        await subject('service, WAL/FULL', 'service'),
        await subject('the same route, no database', 'no-database'),
        await subject('a bare Fastify route with @fastify/jwt', 'bare-route')
      ],
      bench.rounds,
      bench.log
    )
    const [ours, ceiling, bare] = contestants.map(({ samples }) => samples)
    return {
      id,
      title,
      contestants,
      ratios: [
        ratioOf('updates/s ÷ no database', ours?.requestsPerSecond, ceiling?.requestsPerSecond, {
          atLeast: 0.95
        }),
        ratioOf('p99 ÷ no database', ours?.p99Ms, ceiling?.p99Ms, { atMost: 1.5 }),
        ratioOf('updates/s ÷ bare Fastify route', ours?.requestsPerSecond, bare?.requestsPerSecond)
      ],
      facts: []
    }
  })
}
