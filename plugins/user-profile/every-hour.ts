import type { FastifyInstance } from 'fastify'
import type { Log } from '../../src/log.ts'

const HOUR_MS = 3_600_000

/**
 * Runs a task when the app is ready and every hour, never twice at once. A failure is logged, and the next hour tries
 * again. Closing the app aborts the task and waits for it.
 */
export function everyHour(
  app: FastifyInstance,
  log: Log,
  name: string,
  task: (signal: AbortSignal) => Promise<void>
): void {
  const closing = new AbortController()
  let running: Promise<void> | undefined

  function start(): void {
    running ??= task(closing.signal)
      .catch((error: unknown) => log.error({ err: error }, `${name} failed; it is tried again in an hour`))
      .finally(() => {
        running = undefined
      })
  }

  const timer = setInterval(start, HOUR_MS).unref()
  app.addHook('onReady', async () => start())
  app.addHook('onClose', async () => {
    clearInterval(timer)
    closing.abort()
    await running
  })
}
