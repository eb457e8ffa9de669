import { rmSync } from 'node:fs'
import { fillUsers } from '../harness/fill-users.ts'
import { interleave } from '../harness/interleave.ts'
import { loadSubject } from '../harness/load-subject.ts'
import type { Bench, Row, RowResult } from '../harness/row.ts'
import { ratioOf } from '../harness/statistics.ts'
import { withServers } from '../harness/with-servers.ts'
import { spreadIds, updateRequests } from '../load/profile-requests.ts'
import { type Program, SECRET, startProgram } from '../servers/start.ts'
import { CONNECTIONS, USERS } from './sizes.ts'

/** Starts are short: more rounds than of loads. */
const ROUNDS_FACTOR = 3

/** From the start of the process to its first answer, and the memory it takes then and after many updates. */
export const start: Row = async (bench) => [await measureStart(bench), await measureMemory(bench)]

async function measureStart(bench: Bench): Promise<RowResult> {
  const folder = bench.makeFolder('start')
  const subject = (name: string, program: Program, isCold: boolean, env: Record<string, string> = {}) => ({
    name,
    async measure() {
      if (isCold)
        for (const one of ['profile.db', 'media'])
          rmSync(`${folder}/${one}`, { recursive: true, force: true })
      const started = performance.now()
      const server = await startProgram(program, { folder, env })
      const milliseconds = performance.now() - started
      await server.stop()
      return { milliseconds }
    }
  })
  const contestants = await interleave(
    [
      subject('service, cold: no file yet', 'service', true),
      subject('service, warm', 'service', false),
      subject('service, cold, nothing compiled yet', 'service', true, { NODE_DISABLE_COMPILE_CACHE: '1' }),
      subject('a bare Fastify app with the same official plugins', 'bare-start', false)
    ],
    bench.rounds * ROUNDS_FACTOR,
    bench.log
  )
  const [cold, warm, first, bare] = contestants.map(({ samples }) => samples.milliseconds)
  return {
    id: 'start',
    title: 'Start to first answer',
    contestants,
    ratios: [
      ratioOf('cold ÷ bare app', cold, bare, { atMost: 1.5 }),
      ratioOf('warm ÷ bare app', warm, bare, { atMost: 1.5 }),
      ratioOf('cold, nothing compiled yet ÷ bare app', first, bare)
    ],
    facts: []
  }
}

async function measureMemory(bench: Bench): Promise<RowResult> {
  const half = bench.quick ? 2000 : 100_000
  const folder = bench.makeFolder('memory')
  fillUsers(`${folder}/profile.db`, USERS)
  return withServers(async (keep) => {
    const server = keep(await startProgram('service', { folder }))
    const idle = server.residentBytes()
    const subject = await loadSubject(bench, {
      name: 'updates',
      server,
      requests: updateRequests(spreadIds(USERS, USERS), SECRET),
      connections: CONNECTIONS
    })
    let updates = 0
    const residentAfter = async (count: number) => {
      while (updates < count) {
        const { requestsPerSecond = 0 } = await subject.measure(0)
        updates += requestsPerSecond * bench.seconds
        bench.log(`${Math.round(updates)} updates: ${Math.round(server.residentBytes() / 1e6)} MB resident`)
      }
      return server.residentBytes()
    }
    const first = await residentAfter(half)
    const second = await residentAfter(2 * half)
    const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`
    return {
      id: 'memory',
      title: 'Resident memory',
      contestants: [],
      ratios: [
        ratioOf(
          `after ${(2 * half).toLocaleString('en')} updates ÷ after ${half.toLocaleString('en')}`,
          [second],
          [first],
          { atMost: 1.05 }
        )
      ],
      facts: [
        { label: 'idle', value: megabytes(idle) },
        { label: `after ${half.toLocaleString('en')} updates`, value: megabytes(first) },
        { label: `after ${(2 * half).toLocaleString('en')} updates`, value: megabytes(second) }
      ]
    }
  })
}
