import type { Algorithm } from './algorithms.ts'
import { parseStrictObject } from './strict-json.ts'
import { TokenRefusedError } from './token-refused.ts'

/** Node takes 16 KiB of headers in all; providers' tokens have 1 to 4 KiB. */
export const MAX_TOKEN_BYTES = 8192
export const MAX_KID_CHARACTERS = 256

/** What of a token's header is of use. */
export interface TokenHeader {
  alg: Algorithm
  kid?: string
}

/** Signed tokens (RFC 7519, 5.1) and access tokens (RFC 9068, 2.1), with or without the media type's `application/`. */
const TYPES = new Set(['jwt', 'at+jwt'])

/**
 * What a header must not have: extensions, of which there are none here (RFC 7515, 4.1.11; RFC 7797), and keys or places of
 * keys that the token itself would choose.
 */
const FORBIDDEN = ['crit', 'b64', 'jku', 'jwk', 'x5u', 'x5c']

/**
 * Reads a token's header, before anything is asked of a key: three parts, each in the one spelling that an encoder writes
 * (RFC 7515, 7.1; RFC 4648, 3.5).
 * @throws {TokenRefusedError}
 */
export function readHeader(token: string, algorithms: readonly Algorithm[]): TokenHeader {
  if (token.length > MAX_TOKEN_BYTES) throw new TokenRefusedError('the token is too long')
  const parts = token.split('.')
  if (parts.length !== 3) throw new TokenRefusedError('the token has not three parts')
  const [header] = parts.map(decodePart)
  return judgeHeader(parseStrictObject(header ?? new Uint8Array(), 'the header'), algorithms)
}

/** The bytes of base64url text that is exactly what an encoder writes. */
function decodePart(part: string): Uint8Array {
  // Node takes much that is no base64url, and skips the rest.
  const bytes = Buffer.from(part, 'base64url')
  if (bytes.toString('base64url') === part) return bytes
  throw new TokenRefusedError('a part of the token is no canonical base64url')
}

function judgeHeader(header: Record<string, unknown>, algorithms: readonly Algorithm[]): TokenHeader {
  const forbidden = FORBIDDEN.find((name) => Object.hasOwn(header, name))
  if (forbidden !== undefined) throw new TokenRefusedError(`the header has ${forbidden}`)
  const alg = algorithms.find((one) => one === header.alg)
  if (alg === undefined) throw new TokenRefusedError('the algorithm is not one of those allowed')
  if ('typ' in header && !isTokenType(header.typ)) throw new TokenRefusedError('the header’s typ is another')
  const { kid } = header
  if (kid === undefined) return { alg }
  if (typeof kid === 'string' && kid.length <= MAX_KID_CHARACTERS) return { alg, kid }
  throw new TokenRefusedError('the kid is no text, or too long')
}

const isTokenType = (typ: unknown) =>
  typeof typ === 'string' && TYPES.has(typ.toLowerCase().replace(/^application\//, ''))
