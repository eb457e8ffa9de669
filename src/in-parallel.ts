/**
 * Does the work for each item, some at a time. Where one fails, no more are begun, and it fails once those under way have
 * ended.
 */
export async function inParallel<T>(
  items: Iterable<T>,
  atOnce: number,
  work: (item: T) => Promise<void>
): Promise<void> {
  const rest = items[Symbol.iterator]()
  let failed = false
  async function proceed(): Promise<void> {
    for (let next = rest.next(); !failed && !next.done; next = rest.next()) {
      try {
        await work(next.value)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const outcomes = await Promise.allSettled(Array.from({ length: atOnce }, proceed))
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}
