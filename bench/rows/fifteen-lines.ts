import { fillUsers } from '../harness/fill-users.ts'
import { interleave } from '../harness/interleave.ts'
import { loadSubject } from '../harness/load-subject.ts'
import type { Row } from '../harness/row.ts'
import { ratioOf } from '../harness/statistics.ts'
import { withServers } from '../harness/with-servers.ts'
import { spreadIds, updateRequests } from '../load/profile-requests.ts'
import { type Program, SECRET, startProgram } from '../servers/start.ts'
import { CONNECTIONS, USERS } from './sizes.ts'

/** The update beside what one writes first: fifteen lines, and a commit for each request. */
export const fifteenLines: Row = async (bench) => {
  const requests = updateRequests(spreadIds(USERS, USERS), SECRET)
  return withServers(async (keep) => {
    async function subject(name: string, program: Program, env: Record<string, string> = {}) {
      const folder = bench.makeFolder('fifteen-lines')
      fillUsers(`${folder}/profile.db`, USERS)
      const server = keep(await startProgram(program, { folder, env: { LOG_LEVEL: 'silent', ...env } }))
      return loadSubject(bench, { name, server, requests, connections: CONNECTIONS })
    }
    const contestants = await interleave(
      [
        await subject('service, WAL/FULL', 'service'),
        await subject('fifteen lines, WAL/FULL', 'fifteen-lines', { SYNCHRONOUS: 'FULL' }),
        await subject('service, WAL/NORMAL', 'log-unsynced'),
        await subject('fifteen lines, WAL/NORMAL', 'fifteen-lines', { SYNCHRONOUS: 'NORMAL' })
      ],
      bench.rounds,
      bench.log
    )
    const [full, naiveFull, normal, naiveNormal] = contestants.map(({ samples }) => samples.requestsPerSecond)
    return [
      {
        id: 'fifteen-lines',
        title: 'JSON update beside fifteen lines of Fastify with better-sqlite3',
        contestants,
        ratios: [
          ratioOf('updates/s ÷ fifteen lines, both WAL/FULL', full, naiveFull, { atLeast: 5 }),
          ratioOf('updates/s ÷ fifteen lines, both WAL/NORMAL', normal, naiveNormal)
        ],
        facts: []
      }
    ]
  })
}
