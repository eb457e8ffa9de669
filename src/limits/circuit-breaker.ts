export interface CircuitBreaker {
  /** The answer of `ask`; where it fails, comes too late or is not asked at all, that of `otherwise`. */
  run<T>(ask: () => Promise<T>, otherwise: () => Promise<T>): Promise<T>
  /** Finds out whether there is an answer, as a probe does. */
  check(): Promise<void>
  /** Ends the probes; from then on nothing is asked. */
  close(): void
}

export interface CircuitBreakerOptions {
  /** Fails for as long as asking makes no sense. */
  probe(): Promise<unknown>
  /** What is not answered after this many milliseconds has failed. @default 250 */
  deadlineMs?: number
  /** Milliseconds from a failure to the next probe. @default 1000 */
  probeEveryMs?: number
  /** Called once for each outage, */
  onLost(error: unknown): void
  /** and once at its end. */
  onBack(): void
}

/**
 * Asks somebody who may be away. After one failure nobody asks, or waits, any more until a probe has been answered: no
 * request pays for an outage but those that were there when it began.
 */
export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const { probe, deadlineMs = 250, probeEveryMs = 1000, onLost, onBack } = options
  let state: 'asking' | 'away' | 'closed' = 'asking'
  let timer: NodeJS.Timeout | undefined

  function lose(error: unknown): void {
    if (state !== 'asking') return
    state = 'away'
    onLost(error)
    probeLater()
  }
  function probeLater(): void {
    timer = setTimeout(probeAgain, probeEveryMs).unref()
  }
  async function probeAgain(): Promise<void> {
    const answer = probe()
    const isBack = await within(deadlineMs, answer).then(
      () => true,
      () => false
    )
    // One at a time: a client may keep what it can't send.
    if (!isBack) await answer.catch(() => {})
    if (state !== 'away') return
    if (!isBack) return probeLater()
    state = 'asking'
    onBack()
  }

  return {
    async run(ask, otherwise) {
      if (state !== 'asking') return otherwise()
      try {
        return await within(deadlineMs, ask())
      } catch (error) {
        lose(error)
        return otherwise()
      }
    },
    check: () => within(deadlineMs, probe()).then(() => {}, lose),
    close() {
      state = 'closed'
      clearTimeout(timer)
    }
  }
}

/** @throws Error where there is no answer in time */
function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`no answer within ${ms} ms`))
    // Where this process was busy for so long, the answer may lie there unread: it is read before the immediate runs.
    const timer = setTimeout(() => setImmediate(late), ms)
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
