import type { UserId } from '../users/user.ts'

/** A refresh token as the store knows it: by id, never by its text. Times in epoch milliseconds. */
export interface RefreshTokenRecord {
  jti: string
  expiresAt: number
}

export type RotateOutcome =
  /** The next token is live. */
  | 'rotated'
  /** The token was used before, longer ago than the grace: its whole session has ended now. */
  | 'reused'
  /** The session had ended already, or is another user's. */
  | 'ended'

/**
 * Sessions: the family of refresh tokens that grew from one sign-in. Every method is one atomic unit, with the
 * same promises on durability and errors as `UserStore`.
 */
export interface SessionStore {
  /**
   * Starts a session with its first refresh token.
   * @param at when, in epoch milliseconds
   */
  start(userId: UserId, token: RefreshTokenRecord, at: number): Promise<void>

  /**
   * Uses up a refresh token and adds the next one to its session. A token used again within `graceMs` of its
   * first use still gets a next one. A token that was minted elsewhere with our secret starts a session here.
   * Tokens of the session that have expired are forgotten, so that one which is used for years doesn't grow.
   */
  rotate(
    userId: UserId,
    used: RefreshTokenRecord,
    next: RefreshTokenRecord,
    when: { at: number; graceMs: number }
  ): Promise<RotateOutcome>

  /**
   * Ends the session of a refresh token; false where the token was used up, or its session had ended, is another user's, or
   * is that of the token `exceptJti`.
   */
  end(userId: UserId, token: RefreshTokenRecord, at: number, exceptJti?: string): Promise<boolean>

  /** Whether the token was used up or its session has ended. Unknown tokens are not revoked. */
  isRevoked(jti: string): Promise<boolean>

  /** Forgets sessions whose last token expired before `at`; answers how many, at most `limit`. */
  purgeExpired(at: number, limit: number): Promise<number>
}
