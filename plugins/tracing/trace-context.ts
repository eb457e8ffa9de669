import type { IncomingHttpHeaders } from 'node:http'

export interface TraceContext {
  /** 32 hexadecimal digits. */
  traceId: string
  /** Of whoever sent the request: 16 hexadecimal digits. */
  spanId: string
}

/** Version, trace, parent and flags; a later version may add more after another hyphen. */
const TRACEPARENT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}(-.*)?$/
const NO_TRACE = '0'.repeat(32)
const NO_SPAN = '0'.repeat(16)
const MAX_CHARACTERS = 128

/** What a request's `traceparent` says (W3C Trace Context 1, 3.2); undefined where it is not as the standard has it. */
export function readTraceContext({ traceparent }: IncomingHttpHeaders): TraceContext | undefined {
  // Of several, Node makes one text with commas, which is none.
  if (typeof traceparent !== 'string' || traceparent.length > MAX_CHARACTERS) return undefined
  const [, version, traceId, spanId, more] = TRACEPARENT.exec(traceparent) ?? []
  if (traceId === undefined || spanId === undefined || version === 'ff') return undefined
  if (version === '00' && more !== undefined) return undefined
  return traceId === NO_TRACE || spanId === NO_SPAN ? undefined : { traceId, spanId }
}
