export interface Random {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number
  bytes(count: number): Buffer
  pick<T>(choices: readonly [T, ...T[]]): T
}

/** The same numbers for the same seed: Mulberry32, by Tommy Ettinger, in the public domain. */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    below,
    bytes: (count) => Buffer.from(Uint8Array.from({ length: count }, () => below(256))),
    pick: (choices) => choices[below(choices.length)] ?? choices[0]
  }
}

/** The seed of a run: `CORPUS_SEED`, or one that is always the same. */
export const SEED = Number(process.env.CORPUS_SEED ?? 20_250_101)
