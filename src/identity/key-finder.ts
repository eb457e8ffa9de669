import type { CryptoKey } from 'jose'
import type { TokenHeader } from './compact-token.ts'
import { TokenRefusedError } from './token-refused.ts'
import { findUsableKeys } from './usable-keys.ts'

/**
 * The one key of a set that a token's header asks for; undefined where the set has none.
 * @throws {TokenRefusedError} where there are several, which are not all tried
 */
export type FindKey = (header: TokenHeader) => Promise<CryptoKey | undefined>

/** @throws where it is no set of keys */
export async function createKeyFinder(set: unknown): Promise<FindKey> {
  const usable = findUsableKeys(set)
  if (!usable) throw new Error('what the identity provider answered is no set of keys')
  // Whoever has no identity provider does without.
  const { createLocalJWKSet, errors } = await import('jose')
  const find = createLocalJWKSet(usable)
  return async (header) => {
    try {
      return await find({ ...header })
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return undefined
      throw new TokenRefusedError('the key is ambiguous or can’t be used', { cause: error })
    }
  }
}
