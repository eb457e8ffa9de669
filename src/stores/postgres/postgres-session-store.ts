import { randomUUID } from 'node:crypto'
import { errors } from '../../errors.ts'
import type { RefreshTokenRecord, RotateOutcome, SessionStore } from '../../tokens/session-store.ts'
import type { UserId } from '../../users/user.ts'
import { guardUnique, type PostgresDatabase } from './postgres-database.ts'
import { isForeignKeyViolation } from './postgres-errors.ts'
import { endSession, purgeSessions, rotateToken, startSession, tokenState } from './session-statements.ts'
import { keyText } from './texts.ts'

/** What a new session begins with. */
interface Beginning {
  startedAt: number
  endedAt: number | null
  tokens: (RefreshTokenRecord & { usedAt: number | null })[]
}

/** `SessionStore` over PostgreSQL, each method by one statement; a second one where a token was minted elsewhere. */
export function createPostgresSessionStore(database: PostgresDatabase): SessionStore {
  async function start(userId: UserId, { startedAt, endedAt, tokens }: Beginning): Promise<void> {
    const values = {
      id: randomUUID(),
      userId,
      expiresAt: wholeTime(Math.max(...tokens.map(({ expiresAt }) => expiresAt))),
      startedAt,
      endedAt,
      jtis: tokens.map(({ jti }) => keyText(jti)),
      usedAt: tokens.map(({ usedAt }) => usedAt),
      expiries: tokens.map(({ expiresAt }) => wholeTime(expiresAt))
    }
    try {
      await database.run(startSession, values)
    } catch (error) {
      // Deleted between its authentication and this write.
      throw isForeignKeyViolation(error) ? errors.userNotFound() : error
    }
  }

  /**
   * Does something with a token. One that is unknown here was minted elsewhere with our secret, and starts its session now;
   * where another request has just done that, the token is known.
   */
  async function withToken<T>(work: () => Promise<T | undefined>, adopt: () => Promise<T>): Promise<T> {
    return (await work()) ?? (await guardUnique(adopt, work))
  }

  return {
    start: (userId, token, at) =>
      start(userId, { startedAt: at, endedAt: null, tokens: [{ ...token, usedAt: null }] }),

    rotate(userId, used: RefreshTokenRecord, next: RefreshTokenRecord, { at, graceMs }) {
      const values = {
        userId,
        jti: keyText(used.jti),
        nextJti: keyText(next.jti),
        expiresAt: wholeTime(next.expiresAt),
        at,
        graceMs
      }
      return withToken<RotateOutcome>(
        async () => (await database.runOne(rotateToken, values))?.outcome,
        async () => {
          const tokens = [
            { ...used, usedAt: at },
            { ...next, usedAt: null }
          ]
          await start(userId, { startedAt: at, endedAt: null, tokens })
          return 'rotated'
        }
      )
    },

    end(userId, { jti, expiresAt }, at, except) {
      const exceptJti = except === undefined ? null : keyText(except)
      return withToken<boolean>(
        async () => (await database.runOne(endSession, { userId, jti: keyText(jti), at, exceptJti }))?.ended,
        async () => {
          await start(userId, { startedAt: at, endedAt: at, tokens: [{ jti, expiresAt, usedAt: null }] })
          return true
        }
      )
    },

    async isRevoked(jti) {
      const token = await database.runOne(tokenState, { jti: keyText(jti) })
      return token !== undefined && (token.usedAt !== null || token.endedAt !== null)
    },

    purgeExpired: async (at, limit) => (await database.runOne(purgeSessions, { at, limit }))?.purged ?? 0
  }
}

/** Of tokens that were minted elsewhere it is what was written there: a fraction, or as good as never. */
const wholeTime = (ms: number) => Math.min(Math.ceil(ms), Number.MAX_SAFE_INTEGER)
