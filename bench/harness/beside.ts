import { setTimeout as sleep } from 'node:timers/promises'
import type { Subject } from './interleave.ts'

/** Longer than the slow requests take that are still in flight when their load ends. */
const SETTLE_MS = 1500

/** One subject while another goes on beside it; the figures are the first one's. */
export function beside(name: string, subject: Subject, other: Subject): Subject {
  return {
    name,
    async measure(round) {
      const [figures] = await Promise.all([subject.measure(round), other.measure(-1)])
      await sleep(SETTLE_MS)
      return figures
    }
  }
}
