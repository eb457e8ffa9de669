import type { Ratio, Target } from './row.ts'

/** The middle value; of an even number of them the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? upper) + upper) / 2 : upper
}

/**
 * The ratio of two figures that were taken side by side: round by round, so that whatever slowed the machine down for a
 * while slowed both.
 */
export function ratioOf(
  label: string,
  figures: readonly number[] = [],
  others: readonly number[] = [],
  target?: Target
): Ratio {
  const ratios = others.slice(0, figures.length).map((other, round) => (figures[round] ?? 0) / other)
  return {
    label,
    median: median(ratios),
    low: Math.min(...ratios),
    high: Math.max(...ratios),
    ...(target && { target })
  }
}

export function isReached({ median, target }: Ratio): boolean | undefined {
  if (!target) return undefined
  return 'atLeast' in target ? median >= target.atLeast : median <= target.atMost
}
