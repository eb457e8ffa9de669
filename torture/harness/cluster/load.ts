import { setTimeout as sleep } from 'node:timers/promises'
import { seeded } from '../../../test/hostile/seeded.ts'
import { type BusyClient, createBusyClient } from '../busy-client.ts'
import { makeUploads } from '../uploads.ts'

/** A request of a client, and what came of it. Times are the monotonic clock's, in milliseconds. */
export interface Asked {
  client: number
  began: number
  ended: number
  /** Undefined where it was answered by 2xx. */
  error: unknown
}

/** Clients that write all the time, one request after another each, through the balancer. */
export interface Load {
  readonly clients: readonly BusyClient[]
  /** They write until `stop`, whatever they are answered. */
  begin(onAnswer: (asked: Asked) => void): void
  /** Resolves once all of them have their last answers. */
  stop(): Promise<void>
  close(): void
}

/** Who was refused doesn't ask again at once. */
const AFTER_ERROR_MS = 100

export async function createLoad({
  origin,
  count,
  seed
}: {
  origin: string
  count: number
  seed: number
}): Promise<Load> {
  const uploads = await makeUploads()
  const clients = Array.from({ length: count }, (_, index) =>
    createBusyClient({ random: seeded(seed + index + 1), uploads, name: `c${index}` })
  )
  let running: Promise<unknown> | undefined
  let stopped = false

  async function keepBusy(client: number, onAnswer: (asked: Asked) => void): Promise<void> {
    while (!stopped) {
      const began = performance.now()
      const error = await clients[client]?.act(origin).catch((error: unknown) => error)
      onAnswer({ client, began, ended: performance.now(), error })
      if (error !== undefined) await sleep(AFTER_ERROR_MS)
    }
  }

  return {
    clients,
    begin(onAnswer) {
      stopped = false
      running = Promise.all(clients.map((_, index) => keepBusy(index, onAnswer)))
    },
    async stop() {
      stopped = true
      await running
    },
    close() {
      stopped = true
      for (const client of clients) client.close()
    }
  }
}
