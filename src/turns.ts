export type InTurn = <Result>(keys: readonly unknown[], work: () => Promise<Result>) => Promise<Result>

/**
 * Runs one after the other, in the order they came, what has a key in common; all else goes on meanwhile. A piece of work takes
 * its place in all its lines at once, so no two wait for one another. Within one process.
 */
export function createTurns(): InTurn {
  /** The end of each line; never rejects. */
  const lines = new Map<unknown, Promise<void>>()

  return async (keys, work) => {
    const turn = Promise.all(keys.map((key) => lines.get(key))).then(work)
    const end = turn.then(
      () => undefined,
      () => undefined
    )
    for (const key of keys) lines.set(key, end)
    try {
      return await turn
    } finally {
      for (const key of keys) if (lines.get(key) === end) lines.delete(key)
    }
  }
}
