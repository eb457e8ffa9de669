import type { Clock } from './clock.ts'

/**
 * Answers what was made lately: once at a time, however many want to know, and not again before it is so old. What failed is not
 * kept.
 */
export function keptForAWhile<Value>(
  make: () => Promise<Value>,
  { maxAgeMs, clock }: { maxAgeMs: number; clock: Clock }
): () => Promise<Value> {
  let kept: { value: Value; at: number } | undefined
  let making: Promise<Value> | undefined

  async function renew(): Promise<Value> {
    try {
      const value = await make()
      kept = { value, at: clock.now() }
      return value
    } finally {
      making = undefined
    }
  }

  return async () => {
    if (kept && clock.now() - kept.at < maxAgeMs) return kept.value
    making ??= renew()
    return making
  }
}
