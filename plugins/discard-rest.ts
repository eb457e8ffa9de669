import type { IncomingMessage } from 'node:http'
import { awaitsContinue, withholdContinue } from './expect-continue.ts'

const MAX_BYTES = 33_554_432
const MAX_MS = 10_000

/**
 * Reads past what is still to come of a body that nobody wants. A client that is sending would otherwise see its
 * connection reset instead of the answer, or wait for ever on the same connection. Bounded in bytes and time: after
 * that the connection ends.
 *
 * Resolves when the answer may be sent: at once, or, where the connection will be closed after it, when the body has
 * ended. A client that waits for `100 Continue` gets its answer instead.
 */
export async function discardRest(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return
  let bytes = 0
  const timer = setTimeout(() => request.destroy(), MAX_MS).unref()
  const ended = new Promise<void>((resolve) => {
    request.once('end', resolve)
    // That its rest won't come is said so too.
    request.once('error', () => resolve())
    request.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
  request.unpipe()
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > MAX_BYTES) request.destroy()
  })
  const invited = !awaitsContinue(request)
  if (!invited) withholdContinue(request)
  request.resume()
  if (invited && willClose(request)) await ended
}

function willClose({ headers, httpVersion }: IncomingMessage): boolean {
  const connection = headers.connection?.toLowerCase() ?? ''
  return httpVersion === '1.0' ? !connection.includes('keep-alive') : connection.includes('close')
}
