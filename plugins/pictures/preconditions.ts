import type { IncomingHttpHeaders } from 'node:http'
import { matchesTag, namesTag } from '../../src/entity-tags.ts'

/** What conditions are about (RFC 9110, 8.8). */
export interface Validators {
  /** In quotes. */
  etag: string
  /** Epoch milliseconds; undefined where that is not known. */
  modifiedAt?: number | undefined
}

/** Offsets in bytes, both included. */
export interface Part {
  start: number
  end: number
}

/** Headers that make an answer something else than the whole. */
const CONDITIONAL = [
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'if-range',
  'range'
] as const

export const isConditional = (headers: IncomingHttpHeaders): boolean =>
  CONDITIONAL.some((name) => headers[name] !== undefined)

/** Dates count whole seconds. */
const secondsOf = ({ modifiedAt = Number.NaN }: Validators) => Math.floor(modifiedAt / 1000)
const parseSeconds = (header = '') => Math.floor(Date.parse(header) / 1000)

/** What becomes of a `GET` or `HEAD` by its conditions, in the order of RFC 9110, 13.2.2. */
export function judge(headers: IncomingHttpHeaders, of: Validators): 200 | 304 | 412 {
  const unmodifiedSince = parseSeconds(headers['if-unmodified-since'])
  if (headers['if-match'] !== undefined) {
    if (!matchesTag(headers['if-match'], of.etag)) return 412
  } else if (secondsOf(of) > unmodifiedSince) return 412
  if (headers['if-none-match'] !== undefined) return namesTag(headers['if-none-match'], of.etag) ? 304 : 200
  return secondsOf(of) <= parseSeconds(headers['if-modified-since']) ? 304 : 200
}

/**
 * The part that is asked for; undefined for the whole, which answers several parts and what is no range too. Null where
 * there is nothing of it (RFC 9110, 14.2).
 * @param bytes of the whole
 */
export function partOf(headers: IncomingHttpHeaders, of: Validators, bytes: number): Part | null | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(headers.range?.trim() ?? '') ?? []
  if (first + last === '' || !isSame(headers['if-range'], of)) return undefined
  if (first === '') {
    const length = Math.min(Number(last), bytes)
    return length === 0 ? null : { start: bytes - length, end: bytes - 1 }
  }
  const [start, end] = [Number(first), last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1)]
  if (last !== '' && Number(last) < start) return undefined
  return start >= bytes ? null : { start, end }
}

/** Whether a part is of what its client has the rest of (RFC 9110, 13.1.5). */
function isSame(ifRange: string | string[] | undefined, of: Validators): boolean {
  if (typeof ifRange !== 'string') return ifRange === undefined
  return ifRange.includes('"') ? ifRange.trim() === of.etag : parseSeconds(ifRange) === secondsOf(of)
}
