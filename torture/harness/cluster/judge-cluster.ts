import { eventually } from '../../../test/helper.ts'
import type { Random } from '../../../test/hostile/seeded.ts'
import { findUnasked, judgeAll } from '../judge-clients.ts'
import { age, createPictureCheck, filesIn, namedBy, straysIn } from '../media-folder.ts'
import { createProbe } from '../probe.ts'
import type { Counter, Tally } from '../tally.ts'
import type { Cluster } from './cluster.ts'
import { LOST, TORN } from './fault-table.ts'
import type { Load } from './load.ts'

/** The service's own default. */
const GRACE_MS = 10_000
/** What was on its way when the last client got its answer. */
const QUIET_MS = 30_000
const SWEEP_MS = 30_000

export interface JudgedGround {
  cluster: Cluster
  load: Load
  random: Random
  /** Somebody who is none of the load's. */
  bystander?: number
  tally: Tally
}

/**
 * Compares everything that was acknowledged with what there is. Nobody writes meanwhile.
 * @param counter of the fault that came before
 */
export async function judgeCluster(
  { cluster, load, random, bystander, tally }: JudgedGround,
  { count, fail }: Counter
): Promise<void> {
  await eventually(
    'all is committed or rolled back',
    async () => (await cluster.postgres.openTransactions()) === 0,
    QUIET_MS
  )
  const rows = await cluster.readRows()
  const report = {
    count(what: string, by?: number) {
      if (what === 'loss' || what === 'torn') count(what === 'loss' ? LOST : TORN)
      else tally.count(what, by)
    },
    fail
  }
  for (const sentence of rows.damage) fail(sentence)
  if (bystander !== undefined) rows.users.delete(bystander)
  const owned = load.clients.flatMap((client) => client.accounts.map((account) => ({ client, account })))
  const { interrupted } = judgeAll(owned, rows, report)
  const probe = createProbe({ origin: cluster.origin, random, graceMs: GRACE_MS, ...report })
  for (const { change, ...one } of interrupted)
    if (change.kind === 'refresh') await probe.resend(one, change.session, rows)
  findUnasked(owned, rows, fail)
  const named = namedBy(rows)
  if (new Set(named).size !== named.length) fail('torn: two accounts have the same picture')
  for (const name of await createPictureCheck()(cluster.s3.folder, rows)) {
    count(LOST)
    fail(`loss: the picture ${name} is missing or damaged`)
  }
  tally.count('pictures decoded', named.length)
  for (const client of load.clients) client.forget(({ deleted }) => deleted)
}

/** What is in the bucket and on its way is old from now on: the sweep at a node's next start may take it. Nobody writes meanwhile. */
export async function ageCluster({ s3, nodes, postgres }: Cluster): Promise<void> {
  age(s3.folder, ...nodes.map(({ uploads }) => uploads))
  // Of all nodes one sweeps in an hour, which is over then.
  await postgres.forgetTurns()
}

/** After a start of each node since `ageCluster`: nothing is left that no row refers to. Nobody writes meanwhile. */
export async function findStrays({ s3, nodes, readRows }: Cluster, { count, fail }: Tally): Promise<void> {
  const rows = await readRows()
  const left = () => [...straysIn(s3.folder, rows), ...nodes.flatMap(({ uploads }) => filesIn(uploads))]
  await eventually('what nobody refers to was removed', () => left().length === 0, SWEEP_MS).catch(() => {
    count('strays', left().length)
    fail(`strays: ${left()}`)
  })
}

/** Starts each node anew once all that is left lying is old: nothing stays that no row refers to. Nobody writes meanwhile. */
export async function sweepCluster(cluster: Cluster, tally: Tally): Promise<void> {
  await ageCluster(cluster)
  for (const node of cluster.nodes) {
    await node.kill()
    await node.start()
  }
  await findStrays(cluster, tally)
}
