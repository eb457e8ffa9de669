import type { CryptoKey } from 'jose'
import type { Algorithm } from './algorithms.ts'
import { readHeader, type TokenHeader } from './compact-token.ts'
import { TokenRefusedError } from './token-refused.ts'

/** Answers what a token carries, once its signature is good. @throws {TokenRefusedError} */
export type VerifyJws = (token: string) => Promise<Uint8Array>

/**
 * Verifies signed texts in the compact form (RFC 7515, 5.2).
 * @param getKey the key that a header asks for; throws where there is none
 */
export function createJwsVerifier(
  algorithms: readonly Algorithm[],
  getKey: (header: TokenHeader) => Promise<CryptoKey>
): VerifyJws {
  return async (token) => {
    const header = readHeader(token, algorithms)
    const key = await getKey(header)
    const { compactVerify } = await import('jose')
    try {
      const { payload } = await compactVerify(token, key, { algorithms: [header.alg] })
      return payload
    } catch (cause) {
      throw new TokenRefusedError('the signature is not good', { cause })
    }
  }
}
