import type { Outcome } from './scenario.ts'

/** Counts and failures as they come. */
export interface Tally {
  count(what: string, by?: number): void
  /** Keeps the largest. */
  atMost(what: string, value: number): void
  fail(sentence: string): void
  /** Puts something in front of the failures from now on: what was going on. */
  during(what: string): void
  readonly failed: boolean
  outcome(): Outcome
}

/** @param zeros what is shown also where it never came about, in this order */
export function createTally(zeros: readonly string[]): Tally {
  const counts = new Map(zeros.map((name) => [name, 0]))
  const failures: string[] = []
  let context = ''
  return {
    count: (what, by = 1) => void counts.set(what, (counts.get(what) ?? 0) + by),
    atMost: (what, value) => void counts.set(what, Math.max(counts.get(what) ?? 0, Math.round(value))),
    fail: (sentence) => void failures.push(context === '' ? sentence : `${context}: ${sentence}`),
    during(what) {
      context = what
    },
    get failed() {
      return failures.length > 0
    },
    outcome: () => ({ counts: Object.fromEntries(counts), failures })
  }
}
