import type { Server } from 'node:net'
import { setImmediate } from 'node:timers/promises'

const QUIET_MS = 1
const MAX_WAIT_MS = 1000

/**
 * Resolves after a short turn of the event loop in which nobody connected, or after a second where there is none. The system
 * resets connections that it has taken for a server and that the server has not seen by the time it stops listening:
 * such a turn says that there are none.
 */
export async function quietTurn(server: Server): Promise<void> {
  let connected = 0
  const count = () => {
    connected++
  }
  server.on('connection', count)
  const deadline = performance.now() + MAX_WAIT_MS
  for (let began = Number.NEGATIVE_INFINITY; began < deadline; ) {
    const before = connected
    began = performance.now()
    await setImmediate()
    if (connected === before && performance.now() - began < QUIET_MS) break
  }
  server.off('connection', count)
}
