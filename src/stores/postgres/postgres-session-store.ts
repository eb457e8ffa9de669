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
  expiresAt: number
  endedAt: number | null
  /** Ids of tokens, and when each was used. */
  tokens: [jti: string, usedAt: number | null][]
}

/** `SessionStore` over PostgreSQL, each method by one statement; a second one where a token was minted elsewhere. */
export function createPostgresSessionStore(database: PostgresDatabase): SessionStore {
  async function start(userId: UserId, { expiresAt, endedAt, tokens }: Beginning): Promise<void> {
    const values = {
      id: randomUUID(),
      userId,
      expiresAt: wholeTime(expiresAt),
      endedAt,
      jtis: tokens.map(([jti]) => keyText(jti)),
      usedAt: tokens.map(([, usedAt]) => usedAt)
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
    start: (userId, { jti, expiresAt }) => start(userId, { expiresAt, endedAt: null, tokens: [[jti, null]] }),

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
          const expiresAt = Math.max(used.expiresAt, next.expiresAt)
          await start(userId, {
            expiresAt,
            endedAt: null,
            tokens: [
              [used.jti, at],
              [next.jti, null]
            ]
          })
          return 'rotated'
        }
      )
    },

    end(userId, { jti, expiresAt }, at) {
      return withToken<boolean>(
        async () => (await database.runOne(endSession, { userId, jti: keyText(jti), at }))?.ended,
        async () => {
          await start(userId, { expiresAt, endedAt: at, tokens: [[jti, null]] })
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
