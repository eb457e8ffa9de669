import { errors } from '../../errors.ts'

/** Keeps requests from waiting for a server that is away. */
export interface ServerGate {
  /** @throws `unavailable` (503) at once while it is away */
  pass(): void
  /** It can't be reached: from now on it is tried again until it can be. */
  close(cause: unknown): void
  stop(): void
}

/** How soon the server is tried again after a failure. */
const AGAIN_MS = 250

/** @param tryServer connects to the server. @throws where that fails */
export function createServerGate(tryServer: () => Promise<void>): ServerGate {
  let away: { cause: unknown } | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  function wait(): void {
    if (stopped) return
    timer = setTimeout(() => void retry(), AGAIN_MS)
    timer.unref()
  }

  async function retry(): Promise<void> {
    try {
      await tryServer()
      away = undefined
    } catch (cause) {
      away = { cause }
      wait()
    }
  }

  return {
    pass() {
      if (away) throw errors.unavailable(away.cause)
    },
    close(cause) {
      if (!away) wait()
      away = { cause }
    },
    stop() {
      stopped = true
      clearTimeout(timer)
    }
  }
}
