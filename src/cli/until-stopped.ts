const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Work was stopped by a signal. */
export class StoppedError extends Error {
  constructor(signal: NodeJS.Signals) {
    super(`stopped by ${signal}`)
    this.name = 'StoppedError'
  }
}

/** Does the work; a signal that would end the process aborts it instead, with a `StoppedError`, so that it cleans up. */
export async function untilStopped<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const stop = (signal: NodeJS.Signals) => controller.abort(new StoppedError(signal))
  for (const signal of SIGNALS) process.on(signal, stop)
  try {
    return await work(controller.signal)
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop)
  }
}
