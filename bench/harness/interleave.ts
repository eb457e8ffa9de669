import type { Contestant } from './row.ts'

/** Something that can be measured again and again. */
export interface Subject {
  name: string
  note?: string
  /** One measurement. @param round negative for a warm-up, which is not counted */
  measure(round: number): Promise<Record<string, number>>
}

/** Optimising compilers need a while, the more so where a server has one core for itself and for them. */
const WARM_UPS = 3

/**
 * Measures the subjects in turn, round after round: A B C, A B C, … after warming up each. The machine's moods last
 * longer than a round, so they meet all subjects alike.
 */
export async function interleave(
  subjects: readonly Subject[],
  rounds: number,
  log: (message: string) => void
): Promise<Contestant[]> {
  const contestants = subjects.map(
    ({ name, note }): Contestant => ({ name, ...(note !== undefined && { note }), samples: {} })
  )
  for (let round = -WARM_UPS; round < rounds; round++) {
    for (const [index, subject] of subjects.entries()) {
      const figures = await subject.measure(round)
      const shown = Object.entries(figures).map(([name, value]) => `${name} ${value.toFixed(1)}`)
      log(`${round < 0 ? 'warm-up' : `round ${round + 1}`}  ${subject.name}: ${shown.join(', ')}`)
      if (round < 0) continue
      const samples = contestants[index]?.samples ?? {}
      for (const [name, value] of Object.entries(figures)) samples[name] = [...(samples[name] ?? []), value]
    }
  }
  return contestants
}
