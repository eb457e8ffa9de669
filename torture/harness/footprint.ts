import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Server } from './server.ts'
import type { Tally } from './tally.ts'

/** What a process holds. */
export interface Footprint {
  descriptors: number
  /** Of its memory, those that are in the machine's. */
  megabytes: number
}

/** How long the service has to come back to what it was. */
const SETTLE_MS = 20_000
/** Of its own: a checkpoint's thread, a second decoder, a socket that is just closing. */
const SPARE_DESCRIPTORS = 8
const PAGE_BYTES = 4096

function measureNow({ child: { pid } }: Server): Footprint {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
  return { descriptors: readdirSync(`/proc/${pid}/fd`).length, megabytes: (pages * PAGE_BYTES) / 1e6 }
}

/** Without the connections of those who just asked. */
export async function measureFootprint(server: Server): Promise<Footprint> {
  await sleep(1500)
  return measureNow(server)
}

/** Waits until it is as it was before, and counts both. */
export async function compareFootprint(
  server: Server,
  before: Footprint,
  { tally: { count, fail }, spareMegabytes }: { tally: Tally; spareMegabytes: number }
): Promise<void> {
  let after = measureNow(server)
  const most = before.descriptors + SPARE_DESCRIPTORS
  for (const until = Date.now() + SETTLE_MS; after.descriptors > most && Date.now() < until; ) {
    await sleep(500)
    after = measureNow(server)
  }
  for (const [when, { descriptors, megabytes }] of [
    ['before', before],
    ['after', after]
  ] as const) {
    count(`descriptors ${when}`, descriptors)
    count(`megabytes ${when}`, Math.round(megabytes))
  }
  if (after.descriptors > most)
    fail(`${after.descriptors} descriptors are open, ${before.descriptors} were before`)
  if (after.megabytes > before.megabytes + spareMegabytes)
    fail(`it holds ${Math.round(after.megabytes)} MB, ${Math.round(before.megabytes)} before`)
}
