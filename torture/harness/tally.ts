import type { Outcome } from './scenario.ts'

/** Counts and failures as they come. */
export interface Counter {
  count(what: string, by?: number): void
  /** Keeps the largest. */
  atMost(what: string, value: number): void
  fail(sentence: string): void
}

export interface Tally extends Counter {
  /** Puts something in front of the failures from now on: what was going on. */
  during(what: string): void
  /** Counts in the row of one kind of fault. Its failures begin with its name. */
  of(fault: string): Counter
  readonly failed: boolean
  outcome(): Outcome
}

/**
 * @param zeros what is shown also where it never came about, in this order
 * @param ofFaults the same of each kind of fault
 */
export function createTally(zeros: readonly string[], ofFaults: readonly string[] = []): Tally {
  const counts = zeroCounts(zeros)
  const faults = new Map<string, Map<string, number>>()
  const failures: string[] = []
  let context = ''

  function fail(sentence: string): void {
    failures.push(context === '' ? sentence : `${context}: ${sentence}`)
  }

  return {
    ...counterInto(counts),
    fail,
    during(what) {
      context = what
    },
    of(fault) {
      const row = faults.get(fault) ?? zeroCounts(ofFaults)
      faults.set(fault, row)
      return { ...counterInto(row), fail: (sentence) => fail(`${fault}: ${sentence}`) }
    },
    get failed() {
      return failures.length > 0
    },
    outcome: () => ({
      counts: Object.fromEntries(counts),
      ...(faults.size > 0 && {
        faults: Object.fromEntries([...faults].map(([fault, row]) => [fault, Object.fromEntries(row)]))
      }),
      failures
    })
  }
}

const zeroCounts = (names: readonly string[]) => new Map(names.map((name) => [name, 0]))

const counterInto = (counts: Map<string, number>): Omit<Counter, 'fail'> => ({
  count: (what, by = 1) => void counts.set(what, (counts.get(what) ?? 0) + by),
  atMost: (what, value) => void counts.set(what, Math.max(counts.get(what) ?? 0, Math.round(value)))
})
