import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../../test/helper.ts'
import { type Random, seeded } from '../../test/hostile/seeded.ts'
import { childrenOf, isRunning } from '../../test/processes.ts'
import { type BusyClient, createBusyClient, type WriteObserver } from '../harness/busy-client.ts'
import { age, createPictureCheck } from '../harness/media-folder.ts'
import type { Outcome, Scenario, ScenarioOptions } from '../harness/scenario.ts'
import { launchServer, type Server, startServer } from '../harness/server.ts'
import { makeUploads } from '../harness/uploads.ts'
import { checkAfterCrash, type Tally } from './check-after-crash.ts'

const CYCLES = { full: 200, ci: 20 }
const CLIENTS = 16
/** How long the load lasts where the clock ends it, and how many answers where they do. */
const MIN_LOAD_MS = 150
const LOAD_MS = { full: 2000, ci: 1200 }
const MAX_ANSWERS = 900
/** Longer than a start takes. */
const EARLY_MS = 900

/** Whether a cycle's clients still run, and when they have to stop. */
interface Load {
  answers: number
  killed: boolean
}

async function run({ size, seed, folder, say }: ScenarioOptions): Promise<Outcome> {
  const random = seeded(seed)
  const none = ['loss', 'torn', 'stray'].map((name) => [name, 0] as const)
  const tally: Tally = { counts: new Map([['kills under load', 0], ...none]), failures: [] }
  const count = (name: string, by = 1) => tally.counts.set(name, (tally.counts.get(name) ?? 0) + by)
  const uploads = await makeUploads()
  const findUnreadable = createPictureCheck()
  const load: Load = { answers: 0, killed: true }
  const observer: WriteObserver = {
    acknowledged(_account, { kind }) {
      load.answers++
      count(`acknowledged: ${kind}`)
    }
  }
  const clients = Array.from({ length: CLIENTS }, (_, index) =>
    createBusyClient({ random: seeded(seed + index + 1), uploads, observer, name: `c${index}` })
  )
  try {
    for (let cycle = 0; cycle <= CYCLES[size] && tally.failures.length === 0; cycle++) {
      age(`${folder}/media/avatars`, `${folder}/media/.uploads`)
      if (cycle === 0 || random.below(4) === 0)
        await killEarly(folder, random).then(() => count('kills during the start'))
      const server = await startServer(folder)
      if (cycle > 0) await checkAfterCrash({ folder, server, clients, random, tally, findUnreadable })
      count(
        'decoders that ended with the service',
        await loadAndKill(server, { clients, load, random, maxMs: LOAD_MS[size] })
      )
      count('kills under load')
      count('writes in flight at a kill', clients.flatMap(pendingOf).length)
      if (cycle % 10 === 0) say(`cycle ${cycle} of ${CYCLES[size]}`)
    }
  } finally {
    for (const client of clients) client.close()
  }
  return { counts: Object.fromEntries(tally.counts), failures: tally.failures }
}

const pendingOf = ({ accounts }: BusyClient) => accounts.filter(({ pending }) => pending !== undefined)

async function killEarly(folder: string, random: Random): Promise<void> {
  const launched = launchServer(folder)
  await sleep(random.below(EARLY_MS))
  await launched.end()
}

/** Lets the clients write until the service is killed: at some instant, or right with some answer. */
async function loadAndKill(
  server: Server,
  { clients, load, random, maxMs }: { clients: BusyClient[]; load: Load; random: Random; maxMs: number }
): Promise<number> {
  const ms = MIN_LOAD_MS + random.below(maxMs)
  const answers = random.below(2) === 0 ? Number.POSITIVE_INFINITY : 1 + random.below(MAX_ANSWERS)
  load.answers = 0
  load.killed = false
  let decoders: number[] = []
  let ended: Promise<void> | undefined
  function kill(): void {
    if (load.killed) return
    load.killed = true
    decoders = childrenOf(server.child.pid ?? 0)
    ended = server.end()
  }
  async function keepBusy(client: BusyClient): Promise<void> {
    try {
      while (!load.killed) {
        await client.act(server.origin)
        if (load.answers >= answers) kill()
      }
    } catch (error) {
      if (!load.killed) throw new Error(`the service failed under load: ${server.stderr()}`, { cause: error })
    }
  }
  const timer = setTimeout(kill, ms)
  try {
    await Promise.all(clients.map(keepBusy))
  } finally {
    clearTimeout(timer)
    kill()
    await ended
  }
  await eventually('the decoders ended with the service', () => !decoders.some(isRunning))
  return decoders.length
}

const scenario: Scenario = {
  name: 'crash',
  title: 'Killed at any instant, the service keeps every acknowledged write, and nothing by halves.',
  run
}

export default scenario
