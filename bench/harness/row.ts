import type { LoadClient } from '../load/load.ts'

/** What was measured of one contestant, a value for each round; the name says the unit. */
export type Samples = Record<string, number[]>

export interface Contestant {
  name: string
  /** What there is to know about it, such as its durability. */
  note?: string
  samples: Samples
}

/** One contestant's figure by another's of the same round. */
export interface Ratio {
  label: string
  median: number
  low: number
  high: number
  target?: Target
}

export type Target = { atLeast: number } | { atMost: number }

export interface RowResult {
  id: string
  title: string
  contestants: Contestant[]
  ratios: Ratio[]
  /** Figures that are no ratio, such as bytes per user. */
  facts: { label: string; value: string }[]
}

/** What a row measures with. */
export interface Bench {
  client: LoadClient
  /** An empty folder on the disk of the project, deleted afterwards. */
  makeFolder(name: string): string
  /** Kept between runs, for what takes long to install. */
  cache: string
  rounds: number
  /** Of one measurement. */
  seconds: number
  /** Smaller tables, shorter floods: to see that everything works, not how fast it is. */
  quick: boolean
  log(message: string): void
}

export type Row = (bench: Bench) => Promise<RowResult[]>
