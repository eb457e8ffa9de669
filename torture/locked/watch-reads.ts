import { setTimeout as sleep } from 'node:timers/promises'
import type { Members } from '../harness/members.ts'

const PAUSE_MS = 20

/** Asks for one profile after the other until it is stopped. */
export function watchReads(members: Members): () => Promise<{ slowestMs: number; reads: number }> {
  const seen = { slowestMs: 0, reads: 0 }
  let stopped = false
  async function read(): Promise<void> {
    while (!stopped) {
      for (const member of members.present()) {
        seen.slowestMs = Math.max(seen.slowestMs, await members.timeRead(member))
        seen.reads++
        await sleep(PAUSE_MS)
      }
    }
  }
  const reading = read()
  return async () => {
    stopped = true
    await reading
    return seen
  }
}
