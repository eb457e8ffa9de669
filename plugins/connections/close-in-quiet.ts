import { Server } from 'node:net'
import { setImmediate } from 'node:timers/promises'

/** Who connects within that time is reset all the same. */
const QUIET_MS = 0.1
const MAX_WAIT_MS = 500

/**
 * Stops listening after a short turn of the event loop in which nobody connected, or after half a second without one. The
 * system resets connections that it has taken for a server and that the server has not seen by then: such a turn says that
 * there are none.
 */
export async function closeInQuiet(server: Server): Promise<void> {
  let connected = 0
  const count = () => {
    connected++
  }
  server.on('connection', count)
  // The rest of this turn may not ask the system for anything.
  await setImmediate()
  const deadline = performance.now() + MAX_WAIT_MS
  for (let began = Number.NEGATIVE_INFINITY; began < deadline; ) {
    const before = connected
    began = performance.now()
    await setImmediate()
    if (connected === before && performance.now() - began < QUIET_MS) break
  }
  // At once, and nothing but that: Fastify closes the rest, later.
  Server.prototype.close.call(server)
  server.off('connection', count)
}
