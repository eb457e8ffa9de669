import { seeded } from '../../test/hostile/seeded.ts'
import { startCluster } from '../harness/cluster/cluster.ts'
import { OF_FAULTS } from '../harness/cluster/fault-table.ts'
import { judgeCluster, sweepCluster } from '../harness/cluster/judge-cluster.ts'
import { LIMITED } from '../harness/cluster/limits.ts'
import { createLoad } from '../harness/cluster/load.ts'
import { playFault } from '../harness/cluster/play-fault.ts'
import { createVisitor } from '../harness/cluster/visitor.ts'
import type { Outcome, Scenario, ScenarioOptions } from '../harness/scenario.ts'
import { createTally } from '../harness/tally.ts'
import { ENDED, FAULTS } from './faults.ts'

const NODES = 2
/** Shorter than a server stands still. */
const SETTINGS = { ...LIMITED, DATABASE_CONNECT_TIMEOUT: '2', DATABASE_STATEMENT_TIMEOUT: '2' }
const CLIENTS = 8
const ROUNDS = { full: 3, ci: 1 }
const HOLD_MS = { full: 5000, ci: 1500 }
/** Longer than an upload waits for S3, and than a statement and a connection may take together. */
const MAX_ANSWER_MS = 20_000

async function run({ size, seed, folder, say }: ScenarioOptions): Promise<Outcome> {
  const tally = createTally(['strays'], OF_FAULTS)
  const random = seeded(seed)
  const cluster = await startCluster({ folder, nodes: NODES, settings: SETTINGS })
  const load = await createLoad({ origin: cluster.origin, count: CLIENTS, seed })
  try {
    const visitor = await createVisitor(cluster.origin)
    const ground = { cluster, load, visitor, tally }
    const limits = { holdMs: HOLD_MS[size], maxAnswerMs: MAX_ANSWER_MS, size }
    for (let round = 0; round < ROUNDS[size]; round++) {
      for (const fault of FAULTS.filter(({ name }) => size === 'full' || ENDED.test(name))) {
        if (tally.failed) return tally.outcome()
        say(`${fault.name}, round ${round + 1} of ${ROUNDS[size]}`)
        await playFault(fault, ground, limits)
        await judgeCluster({ ...ground, random, bystander: visitor.id }, tally.of(fault.name))
      }
    }
    await sweepCluster(cluster, tally)
  } finally {
    if (tally.failed) say(cluster.lastWords())
    load.close()
    await cluster.end()
  }
  return tally.outcome()
}

const scenario: Scenario = {
  name: 'servers-away',
  title:
    'With PostgreSQL, S3 or Redis away under load, what needs it is refused properly, all else goes on, nothing acknowledged is lost, and all is as before by itself.',
  run
}

export default scenario
