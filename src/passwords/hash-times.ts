/** How long kinds of hashes take on this machine: by their algorithm and what it costs. */
export interface HashTimes {
  /** Does the work of a hash of a kind, and measures it. */
  measure<T>(kind: string, work: () => Promise<T>): Promise<T>
  /** How much sooner a hash of a kind is done than the slowest that was met, in milliseconds. */
  aheadMs(kind: string): number
}

/** Django asks for more iterations with each version, and a table may have hashes of all of them; not of many more. */
const MAX_KINDS = 64

/**
 * Of each kind the least time counts that it ever took: what else goes on at the time makes it longer, never shorter.
 * @param now milliseconds of a clock that is never set back
 */
export function createHashTimes(now: () => number = () => performance.now()): HashTimes {
  const times = new Map<string, number>()
  return {
    async measure(kind, work) {
      const began = now()
      const result = await work()
      const known = times.get(kind)
      if (known !== undefined || times.size < MAX_KINDS)
        times.set(kind, Math.min(now() - began, known ?? Number.POSITIVE_INFINITY))
      return result
    },
    aheadMs(kind) {
      const slowest = Math.max(...times.values())
      return times.size === 0 ? 0 : slowest - (times.get(kind) ?? slowest)
    }
  }
}
