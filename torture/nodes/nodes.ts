import { mkdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Random, seeded } from '../../test/hostile/seeded.ts'
import { type Cluster, startCluster } from '../harness/cluster/cluster.ts'
import { IMPROPER, OF_FAULTS, RECOVERY, SEEN, TIMES } from '../harness/cluster/fault-table.ts'
import { ageCluster, findStrays, judgeCluster } from '../harness/cluster/judge-cluster.ts'
import { createLoad, type Load } from '../harness/cluster/load.ts'
import type { NodePart } from '../harness/cluster/node-part.ts'
import type { Outcome, Scenario, ScenarioOptions } from '../harness/scenario.ts'
import { type Counter, createTally, type Tally } from '../harness/tally.ts'
import { judgeKill } from './judge-kill.ts'
import { watchRequests } from './watch-requests.ts'

const SIZES = {
  full: { clusters: [2, 4], kills: 20, judgedEvery: 5, restarts: 2 },
  ci: { clusters: [2], kills: 3, judgedEvery: 3, restarts: 1 }
}
const CLIENTS = 12
/** Between a node's being there again and the next fault. */
const MAX_CALM_MS = 1200
/** How long a node that was killed is away. */
const MAX_AWAY_MS = 600

/** A cluster under load, and what it is judged by. */
interface Ground {
  cluster: Cluster
  load: Load
  random: Random
  tally: Tally
}

async function run({ size, seed, folder, say }: ScenarioOptions): Promise<Outcome> {
  const tally = createTally(['strays'], OF_FAULTS)
  const { clusters, ...counts } = SIZES[size]
  for (const nodes of clusters) {
    if (tally.failed) break
    const own = `${folder}/${nodes}`
    mkdirSync(own)
    const cluster = await startCluster({ folder: own, nodes })
    const load = await createLoad({ origin: cluster.origin, count: CLIENTS, seed })
    const tell = (text: string) => say(`${nodes} nodes: ${text}`)
    try {
      await playAll({ cluster, load, random: seeded(seed), tally }, counts, tell)
    } finally {
      if (tally.failed) say(cluster.lastWords())
      load.close()
      await cluster.end()
    }
  }
  return tally.outcome()
}

async function playAll(
  ground: Ground,
  { kills, judgedEvery, restarts }: { kills: number; judgedEvery: number; restarts: number },
  tell: (text: string) => void
): Promise<void> {
  const { cluster, tally } = ground
  const nodes = cluster.nodes.length
  const killed = tally.of(`one node of ${nodes} killed`)
  for (let done = 0; done < kills && !tally.failed; done += judgedEvery) {
    await killUnderLoad(ground, judgedEvery, killed)
    await judgeCluster(ground, killed)
    tell(`${done + judgedEvery} kills of ${kills}`)
  }
  await ageCluster(cluster)
  const restarted = tally.of(`${nodes} nodes restarted in turn`)
  for (let done = 0; done < restarts && !tally.failed; done++) {
    await restartUnderLoad(ground, restarted)
    await judgeCluster(ground, restarted)
    await findStrays(cluster, tally)
    tell(`${done + 1} rolling restarts of ${restarts}`)
  }
}

async function killUnderLoad(
  { cluster, load, random, tally }: Ground,
  kills: number,
  counter: Counter
): Promise<void> {
  const watch = watchRequests(load, counter)
  try {
    for (let done = 0; done < kills && !tally.failed; done++) {
      await sleep(MAX_CALM_MS / 4 + random.below(MAX_CALM_MS))
      const node: NodePart = random.pick(cluster.nodes)
      const since = performance.now()
      await node.kill()
      const gone = performance.now()
      counter.count(TIMES)
      await sleep(random.below(MAX_AWAY_MS))
      const started = performance.now()
      await node.start()
      counter.atMost(RECOVERY, performance.now() - started)
      judgeKill({ errors: watch.takeErrors(since), gone }, counter)
    }
  } finally {
    await watch.stop()
  }
  for (const { error } of watch.takeErrors(0)) counter.fail(`a request failed without a kill: ${error}`)
}

/** Each node ends and comes back before the next: nobody notices. */
async function restartUnderLoad({ cluster, load, tally }: Ground, counter: Counter): Promise<void> {
  const watch = watchRequests(load, counter)
  try {
    for (const node of cluster.nodes) {
      await sleep(MAX_CALM_MS / 4)
      const code = await node.stop()
      if (code !== 0) tally.fail(`${node.name} ended with ${code}: ${node.log().slice(-500)}`)
      const started = performance.now()
      await node.start()
      counter.atMost(RECOVERY, performance.now() - started)
    }
    counter.count(TIMES)
    await sleep(MAX_CALM_MS)
  } finally {
    await watch.stop()
  }
  for (const { error } of watch.takeErrors(0)) {
    counter.count(SEEN)
    counter.count(IMPROPER)
    counter.fail(`a rolling restart was noticed: ${error}`)
  }
}

const scenario: Scenario = {
  name: 'nodes',
  title:
    'Nodes behind nginx are killed and restarted: no acknowledged write is lost, a kill costs each client its request in flight at most, a rolling restart none.',
  run
}

export default scenario
