import { statSync } from 'node:fs'
import { fillUsers } from '../harness/fill-users.ts'
import { interleave, type Subject } from '../harness/interleave.ts'
import { loadSubject } from '../harness/load-subject.ts'
import type { Row } from '../harness/row.ts'
import { ratioOf } from '../harness/statistics.ts'
import { withServers } from '../harness/with-servers.ts'
import { spreadIds, updateRequests } from '../load/profile-requests.ts'
import { SECRET, startProgram } from '../servers/start.ts'
import { CONNECTIONS, USERS } from './sizes.ts'

/** The update by the same number of users in a small table and in a large one, and by many more of the large one's. */
export const largeTable: Row = async (bench) => {
  const manyUsers = bench.quick ? 100_000 : 10_000_000
  const manyActive = bench.quick ? 5_000 : 100_000
  return withServers(async (keep) => {
    async function subject(name: string, folder: string, active: number, users: number): Promise<Subject> {
      const server = keep(await startProgram('service', { folder }))
      const requests = updateRequests(spreadIds(active, users), SECRET)
      return loadSubject(bench, { name, server, requests, connections: CONNECTIONS })
    }
    const small = bench.makeFolder('small-table')
    fillUsers(`${small}/profile.db`, USERS)
    const large = bench.makeFolder('large-table')
    const started = performance.now()
    fillUsers(`${large}/profile.db`, manyUsers, (users) => bench.log(`filled ${users} users`))
    const fillSeconds = (performance.now() - started) / 1000
    const { size } = statSync(`${large}/profile.db`)
    const count = manyUsers.toLocaleString('en')
    const active = manyActive.toLocaleString('en')
    const contestants = await interleave(
      [
        await subject('1,000 users, all active', small, USERS, USERS),
        await subject(`${count} users, 1,000 of them active`, large, USERS, manyUsers),
        await subject(`${count} users, ${active} of them active`, large, manyActive, manyUsers)
      ],
      bench.rounds,
      bench.log
    )
    const [few, many, busy] = contestants.map(({ samples }) => samples.requestsPerSecond)
    return [
      {
        id: 'large-table',
        title: `JSON update in a table of ${count} users`,
        contestants,
        ratios: [
          ratioOf(`updates/s ÷ 1,000 users (1,000 active)`, many, few, { atLeast: 0.9 }),
          ratioOf(`updates/s ÷ 1,000 users (${active} active)`, busy, few)
        ],
        facts: [
          { label: 'file size', value: `${(size / 1e9).toFixed(2)} GB` },
          { label: 'file size per user', value: `${Math.round(size / manyUsers)} bytes` },
          { label: 'time to fill', value: `${Math.round(fillSeconds)} s` }
        ]
      }
    ]
  })
}
