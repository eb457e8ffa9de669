import type { IncomingMessage } from 'node:http'
import { awaitsContinue, withholdContinue } from './expect-continue.ts'

const MAX_BYTES = 33_554_432
const MAX_MS = 10_000

/** How long an answer that was held back gets to arrive before its connection ends. */
const LINGER_MS = 1000

/**
 * Reads past what is still to come of a body that nobody wants. A client that is sending would otherwise see its
 * connection reset instead of the answer, or wait for ever on the same connection. Bounded in bytes and time: after
 * that the connection ends.
 *
 * Resolves when the answer may be sent: at once, or, where the connection will be closed after it, when the body has
 * ended or a bound is reached. A client that waits for `100 Continue` gets its answer instead.
 */
export async function discardRest(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return
  const ended = Promise.withResolvers<void>()
  const invited = !awaitsContinue(request)
  const holdsBack = invited && willClose(request)

  function stop(): void {
    ended.resolve()
    if (holdsBack) setTimeout(() => request.destroy(), LINGER_MS).unref()
    else request.destroy()
  }

  const timer = setTimeout(stop, MAX_MS).unref()
  request.once('end', ended.resolve)
  // That its rest won't come is said so too.
  request.once('error', () => ended.resolve())
  request.once('close', () => {
    clearTimeout(timer)
    ended.resolve()
  })
  request.unpipe()
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    if (bytes <= MAX_BYTES && bytes + chunk.length > MAX_BYTES) stop()
    bytes += chunk.length
  })
  if (!invited) withholdContinue(request)
  request.resume()
  if (holdsBack) await ended.promise
}

function willClose({ headers, httpVersion }: IncomingMessage): boolean {
  const connection = headers.connection?.toLowerCase() ?? ''
  return httpVersion === '1.0' ? !connection.includes('keep-alive') : connection.includes('close')
}
