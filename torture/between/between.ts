import { type Random, seeded } from '../../test/hostile/seeded.ts'
import { startCluster } from '../harness/cluster/cluster.ts'
import { OF_FAULTS } from '../harness/cluster/fault-table.ts'
import { judgeCluster, sweepCluster } from '../harness/cluster/judge-cluster.ts'
import { LIMITED } from '../harness/cluster/limits.ts'
import { createLoad } from '../harness/cluster/load.ts'
import { playFault } from '../harness/cluster/play-fault.ts'
import { createVisitor } from '../harness/cluster/visitor.ts'
import type { Outcome, Scenario, ScenarioOptions } from '../harness/scenario.ts'
import { createTally } from '../harness/tally.ts'
import { BETWEEN, faultBetween, nameOf } from './toxics.ts'

const NODES = 2
const CLIENTS = 8
const ROUNDS = { full: 2, ci: 1 }
/** Those of the small run: of the others there is one in each round at most. */
const ALWAYS = /PostgreSQL (?:connections reset|half-open)|S3 half-open|Redis half-open/
/** Longer than the nodes wait for PostgreSQL, mostly. */
const MAX_HOLD_MS = { full: 8000, ci: 3500 }
const MIN_HOLD_MS = 2500
/** A connection and a statement may take two seconds each here, and an upload waits eight for S3. */
const SETTINGS = { ...LIMITED, DATABASE_CONNECT_TIMEOUT: '2', DATABASE_STATEMENT_TIMEOUT: '2' }
const MAX_ANSWER_MS = 20_000

async function run({ size, seed, folder, say }: ScenarioOptions): Promise<Outcome> {
  const random = seeded(seed)
  const chosen = size === 'full' ? BETWEEN : BETWEEN.filter((one) => ALWAYS.test(nameOf(one)))
  const tally = createTally(['strays'], OF_FAULTS)
  const cluster = await startCluster({ folder, nodes: NODES, linked: true, settings: SETTINGS })
  const load = await createLoad({ origin: cluster.origin, count: CLIENTS, seed })
  try {
    const visitor = await createVisitor(cluster.origin)
    const ground = { cluster, load, visitor, tally }
    for (let round = 0; round < ROUNDS[size]; round++) {
      for (const between of shuffled(chosen, random)) {
        if (tally.failed) return tally.outcome()
        say(`${nameOf(between)}, round ${round + 1} of ${ROUNDS[size]}`)
        const holdMs = MIN_HOLD_MS + random.below(MAX_HOLD_MS[size] - MIN_HOLD_MS)
        const limits = { holdMs, maxAnswerMs: MAX_ANSWER_MS, size }
        await playFault(faultBetween(between, random), ground, limits)
        await judgeCluster({ ...ground, random, bystander: visitor.id }, tally.of(nameOf(between)))
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

function shuffled<T>(all: readonly T[], random: Random): T[] {
  const left = [...all]
  return all.flatMap(() => left.splice(random.below(left.length), 1))
}

const scenario: Scenario = {
  name: 'between',
  title:
    'Slow, cut and half-open connections between the nodes and their servers end in proper refusals within seconds, lose nothing acknowledged, and leave nothing behind.',
  run
}

export default scenario
