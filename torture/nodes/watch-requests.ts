import { REQUESTS, SLOWEST } from '../harness/cluster/fault-table.ts'
import type { Asked, Load } from '../harness/cluster/load.ts'
import type { Counter } from '../harness/tally.ts'

export interface RequestWatch {
  /** Those that ended since, without those that were taken before. */
  takeErrors(since: number): Asked[]
  /** Ends the load. */
  stop(): Promise<void>
}

/** Begins the load, and keeps what was answered otherwise than with 2xx. */
export function watchRequests(load: Load, { count, atMost }: Counter): RequestWatch {
  let errors: Asked[] = []
  load.begin((asked) => {
    count(REQUESTS)
    atMost(SLOWEST, asked.ended - asked.began)
    if (asked.error !== undefined) errors.push(asked)
  })
  return {
    takeErrors(since) {
      const taken = errors.filter(({ ended }) => ended >= since)
      errors = errors.filter(({ ended }) => ended < since)
      return taken
    },
    stop: load.stop
  }
}
