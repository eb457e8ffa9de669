import type { Contestant } from './row.ts'

/** Something that can be measured again and again. */
export interface Subject {
  name: string
  note?: string
  /** One measurement. @param round -1 for a warm-up, which is not counted */
  measure(round: number): Promise<Record<string, number>>
}

/**
 * Measures the subjects in turn, round after round: A B C, A B C, … after a warm-up of each. The machine's moods last
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
  for (let round = -1; round < rounds; round++) {
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
