import type { IncomingMessage } from 'node:http'

const MAX_BYTES = 33_554_432
const MAX_MS = 10_000

/**
 * Reads past what is still to come of a body that was refused. A client that is sending would otherwise see its
 * connection reset instead of the answer, or wait for ever on the same connection. Bounded in bytes and time: after
 * that the connection ends.
 */
export function discardRest(request: IncomingMessage): void {
  if (request.readableEnded || request.destroyed) return
  let bytes = 0
  const timer = setTimeout(() => request.destroy(), MAX_MS).unref()
  request.once('close', () => clearTimeout(timer))
  request.unpipe()
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > MAX_BYTES) request.destroy()
  })
  request.resume()
}
