import { LruMap } from 'toad-cache'
import type { Clock } from '../clock.ts'
import type { UserId } from '../users/user.ts'

/** Access tokens that were verified before, so that a client's next request need not pay for the signature again. */
export interface AccessTokenCache {
  /** The user whom a known token names, while it has not expired. */
  find(token: string): UserId | undefined
  /** @param expiresAt epoch milliseconds */
  remember(token: string, userId: UserId, expiresAt: number): void
}

/**
 * Holds only what the signature proves and nothing can change: whose token it is, and until when. Whether that user is
 * still there and active is asked on every request. Tokens that fail are not kept, so guessing pushes nothing out.
 * @param maxTokens about 500 bytes each; the one that was used least recently makes room
 */
export function createAccessTokenCache(maxTokens: number, clock: Clock): AccessTokenCache {
  const tokens = new LruMap<{ userId: UserId; expiresAt: number }>(maxTokens)
  return {
    find(token) {
      const known = tokens.get(token)
      return known && clock.now() < known.expiresAt ? known.userId : undefined
    },
    remember: (token, userId, expiresAt) => tokens.set(token, { userId, expiresAt })
  }
}
