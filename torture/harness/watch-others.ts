import { setTimeout as sleep } from 'node:timers/promises'
import type { Member, Members } from './members.ts'
import type { Tally } from './tally.ts'
import { timedAsk } from './timed-ask.ts'

const PROBE_EVERY_MS = 200
const PAUSE_MS = 50

/** People who go on changing and reading their profiles while the service is attacked, and somebody who asks how it is by new connections. */
export interface Others {
  stop(): Promise<void>
}

/** @param maxHealthMs how long an answer of health may take */
export function watchOthers(
  origin: string,
  {
    members,
    people,
    tally,
    maxHealthMs
  }: { members: Members; people: readonly Member[]; tally: Tally; maxHealthMs: number }
): Others {
  const { count, atMost, fail } = tally
  let stopped = false

  async function probe(): Promise<void> {
    while (!stopped) {
      const { status, ms } = await timedAsk(`${origin}/health/live`)
      count('health: answers')
      atMost('health: slowest, ms', ms)
      if (status !== 200) fail(`health was answered with ${status}`)
      else if (ms > maxHealthMs) fail(`health took ${Math.round(ms)} ms`)
      await sleep(PROBE_EVERY_MS)
    }
  }

  async function use(member: Member): Promise<void> {
    while (!stopped) {
      if (await members.rename(member)) count('updates of others')
      atMost('reads of others: slowest, ms', await members.timeRead(member))
      await sleep(PAUSE_MS)
    }
  }

  const running = Promise.all([probe(), ...people.map(use)])
  return {
    async stop() {
      stopped = true
      await running
    }
  }
}
