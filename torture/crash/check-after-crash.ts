import { eventually } from '../../test/helper.ts'
import type { Random } from '../../test/hostile/seeded.ts'
import type { BusyClient } from '../harness/busy-client.ts'
import { findUnasked, judgeAll, type Report } from '../harness/judge-clients.ts'
import { type createPictureCheck, filesIn, namedBy, straysIn } from '../harness/media-folder.ts'
import { createProbe } from '../harness/probe.ts'
import { type Rows, readRows } from '../harness/rows.ts'
import type { Server } from '../harness/server.ts'

export interface Tally {
  counts: Map<string, number>
  failures: string[]
}

interface Crash {
  folder: string
  /** Started again, and not written to by anybody else. */
  server: Server
  clients: BusyClient[]
  random: Random
  tally: Tally
  findUnreadable: ReturnType<typeof createPictureCheck>
}

/** The service's own default. */
const GRACE_MS = 10_000
const SWEEP_MS = 20_000
/** How many of each are looked at by requests; the rows tell of all. */
const SAMPLE = 4

/** Compares everything that was acknowledged with what there is after a start. */
export async function checkAfterCrash(crash: Crash): Promise<void> {
  const { folder, server, clients, random, tally } = crash
  const count = (name: string, by = 1) => tally.counts.set(name, (tally.counts.get(name) ?? 0) + by)
  const fail = (text: string) => tally.failures.push(text)
  const rows = readRows(`${folder}/data/profile.db`)
  for (const text of rows.damage) fail(text)
  const owned = clients.flatMap((client) => client.accounts.map((account) => ({ client, account })))

  const judged = judgeAll(owned, rows, { count, fail })
  const probe = createProbe({ origin: server.origin, random, graceMs: GRACE_MS, count, fail })
  // First of all, since the grace goes by.
  for (const { change, ...one } of judged.interrupted)
    if (change.kind === 'refresh') await probe.resend(one, change.session, rows)
  findUnasked(owned, rows, fail)
  await checkPictures(crash, rows, { count, fail })
  for (const { change, ...one } of judged.interrupted) if (change.kind === 'sign-up') await probe.signIn(one)
  for (const one of judged.newPasswords.slice(0, SAMPLE)) await probe.newPassword(one)
  const live = owned.filter(({ account }) => account.id !== undefined && !account.deleted)
  for (const one of sample(live, random)) await probe.profile(one)
  for (const one of sample(live, random)) await probe.session(one)
  for (const one of live) if (await probe.usedToken(one)) break
  for (const one of owned.filter(({ account }) => account.deleted).slice(0, SAMPLE))
    await probe.deadAccess(one)
  for (const one of sample(live, random)) await probe.deadAccess(one)
  for (const client of clients) client.forget(({ deleted }) => deleted)
}

async function checkPictures(
  { folder, findUnreadable }: Crash,
  rows: Rows,
  { count, fail }: Report
): Promise<void> {
  const avatars = `${folder}/media/avatars`
  const named = namedBy(rows)
  if (new Set(named).size !== named.length) fail('torn: two accounts have the same picture')
  for (const name of await findUnreadable(avatars, rows))
    fail(`loss: the picture ${name} is missing or damaged`)
  count('pictures decoded', named.length)
  const hasStrays = () => straysIn(avatars, rows).length > 0 || filesIn(`${folder}/media/.uploads`).length > 0
  await eventually('the start removed what nobody refers to', () => !hasStrays(), SWEEP_MS).catch(() => {
    count('stray')
    fail(`strays: ${straysIn(avatars, rows)} ${filesIn(`${folder}/media/.uploads`)}`)
  })
}

function sample<T>(all: T[], random: Random): T[] {
  const from = random.below(Math.max(1, all.length))
  return [...all.slice(from), ...all.slice(0, from)].slice(0, SAMPLE)
}
