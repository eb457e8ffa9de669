import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../../../test/helper.ts'
import { type Asked as Kind, NotAcknowledged } from '../busy-client.ts'
import type { Counter, Tally } from '../tally.ts'
import { faultOfRefusal } from '../timed-ask.ts'
import type { Cluster } from './cluster.ts'
import { IMPROPER, RECOVERY, REQUESTS, SEEN, SLOWEST, TIMES } from './fault-table.ts'
import type { Asked, Load } from './load.ts'
import type { Visitor } from './visitor.ts'

/** A cluster under load that is disturbed, and what it is judged by. */
export interface Ground {
  cluster: Cluster
  load: Load
  visitor: Visitor
  tally: Tally
}

export interface Fault {
  /** Its row of the table, such as `PostgreSQL killed`. */
  name: string
  begin(cluster: Cluster): Promise<void> | void
  /** Resolves once what was away can be used again, by whom it is connected with. */
  end(cluster: Cluster): Promise<void> | void
  /** What may be refused meanwhile, and only by 503 with `Retry-After`. */
  mayRefuse(kind: Kind): boolean
  /** Looks at the cluster meanwhile. */
  check?(ground: Ground): Promise<void>
  /** Whether a node is as it was before, other than by its readiness and an update. */
  isOver?(ground: Ground, origin: string): Promise<boolean>
}

interface Limits {
  /** How long it lasts. */
  holdMs: number
  /** How long an answer may take meanwhile. */
  maxAnswerMs: number
  size: 'full' | 'ci'
}

/** How long all nodes may take to be as before: what is promised of PostgreSQL, and what a machine may take that is busy. */
const maxRecoveryMs = ({ name }: Fault, size: Limits['size']) =>
  size === 'full' && name.startsWith('PostgreSQL') ? 5000 : 15_000

const CALM_MS = 700
/** Then something is wrong that won't mend itself. */
const GIVE_UP_MS = 60_000

/** Plays a fault while clients write, and waits until everything is as before. */
export async function playFault(fault: Fault, ground: Ground, limits: Limits): Promise<void> {
  const { cluster, load, tally } = ground
  const counter = tally.of(fault.name)
  const asked: Asked[] = []
  load.begin((one) => void asked.push(one))
  try {
    await sleep(CALM_MS)
    const began = performance.now()
    await fault.begin(cluster)
    await Promise.all([sleep(limits.holdMs), fault.check?.(ground)])
    await fault.end(cluster)
    const back = performance.now()
    await recover(fault, ground, back + GIVE_UP_MS)
    const over = performance.now()
    counter.count(TIMES)
    counter.atMost(RECOVERY, over - back)
    if (over - back > maxRecoveryMs(fault, limits.size))
      counter.fail(`it took ${Math.round(over - back)} ms until all nodes were as before`)
    await sleep(CALM_MS)
    await load.stop()
    for (const one of asked) judge(one, { fault, began, over, maxAnswerMs: limits.maxAnswerMs }, counter)
  } finally {
    await load.stop()
  }
}

/** Every node is ready, and takes an update. */
async function recover(fault: Fault, ground: Ground, giveUp: number): Promise<void> {
  const { cluster, visitor } = ground
  await Promise.all(
    cluster.nodes.map((node) =>
      eventually(
        `${node.name} is as before`,
        async () =>
          (await node.isHealthy()) &&
          (await visitor.rename(node.origin)).status === 200 &&
          (await (fault.isOver?.(ground, node.origin) ?? true)),
        giveUp - performance.now()
      )
    )
  )
}

function judge(
  { began, ended, error }: Asked,
  during: { fault: Fault; began: number; over: number; maxAnswerMs: number },
  { count, atMost, fail }: Counter
): void {
  if (ended < during.began || began > during.over) {
    if (error !== undefined) fail(`before or after it a request failed: ${error}`)
    return
  }
  count(REQUESTS)
  atMost(SLOWEST, ended - began)
  if (ended - began > during.maxAnswerMs) fail(`an answer took ${Math.round(ended - began)} ms`)
  if (error === undefined) return
  count(SEEN)
  const fault = error instanceof NotAcknowledged ? faultOfRefusal(error.answer) : 'no whole answer'
  const isProper =
    error instanceof NotAcknowledged && fault === undefined && during.fault.mayRefuse(error.kind)
  if (isProper) return
  count(IMPROPER)
  fail(`${error}${fault === undefined ? '' : ` (${fault})`}`)
}
