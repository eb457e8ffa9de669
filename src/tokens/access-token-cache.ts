import { LruMap } from 'toad-cache'
import type { Clock } from '../clock.ts'
import type { UserId } from '../users/user.ts'
import type { Issue } from './claims.ts'

export interface KnownToken {
  userId: UserId
  issue: Issue
}

/** Access tokens that were verified before, so that a client's next request need not pay for the signature again. */
export interface AccessTokenCache {
  /** What a known token says, while it has not expired. */
  find(token: string): KnownToken | undefined
  /** @param expiresAt epoch milliseconds */
  remember(token: string, known: KnownToken, expiresAt: number): void
}

/**
 * Holds only what the signature proves and nothing can change: whose token it is, since when and until when. Whether that
 * user may still come in with it is asked on every request. Tokens that fail are not kept, so guessing pushes nothing out.
 * @param maxTokens about 500 bytes each; the one that was used least recently makes room
 */
export function createAccessTokenCache(maxTokens: number, clock: Clock): AccessTokenCache {
  const tokens = new LruMap<KnownToken & { expiresAt: number }>(maxTokens)
  return {
    find(token) {
      const known = tokens.get(token)
      return known && clock.now() < known.expiresAt ? known : undefined
    },
    remember: (token, { userId, issue }, expiresAt) => tokens.set(token, { userId, issue, expiresAt })
  }
}
