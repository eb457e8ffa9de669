import { randomUUID } from 'node:crypto'
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import { errors } from '../../errors.ts'
import type { RefreshTokenRecord, SessionStore } from '../../tokens/session-store.ts'
import type { UserId } from '../../users/user.ts'
import { and, eq, inArray, lt, sql } from './drizzle.ts'
import type { GroupCommit } from './group-commit.ts'
import { refreshTokens, sessions } from './schema.ts'
import { isForeignKeyViolation, read } from './sqlite-errors.ts'

const placeholder = sql.placeholder

/** A session ends while the disk is full too. */
const FREES = { frees: true }

/** `SessionStore` over SQLite. */
export function createSqliteSessionStore(db: BetterSQLite3Database, commits: GroupCommit): SessionStore {
  const insertSession = db
    .insert(sessions)
    .values({
      id: placeholder('id'),
      userId: placeholder('userId'),
      expiresAt: placeholder('expiresAt'),
      startedAt: placeholder('at')
    })
    .prepare()
  const insertToken = db
    .insert(refreshTokens)
    .values({
      jti: placeholder('jti'),
      sessionId: placeholder('sessionId'),
      expiresAt: placeholder('expiresAt')
    })
    .prepare()
  const findToken = db
    .select({
      sessionId: refreshTokens.sessionId,
      userId: sessions.userId,
      usedAt: refreshTokens.usedAt,
      endedAt: sessions.endedAt
    })
    .from(refreshTokens)
    .innerJoin(sessions, eq(sessions.id, refreshTokens.sessionId))
    .where(eq(refreshTokens.jti, placeholder('jti')))
    .prepare()
  const useToken = db
    .update(refreshTokens)
    .set({ usedAt: sql`${placeholder('at')}` })
    .where(eq(refreshTokens.jti, placeholder('jti')))
    .prepare()
  // Whoever brings one is told that it has expired, before anybody looks here.
  const forgetExpired = db
    .delete(refreshTokens)
    .where(
      and(eq(refreshTokens.sessionId, placeholder('id')), lt(refreshTokens.expiresAt, placeholder('at')))
    )
    .prepare()
  const endSession = db
    .update(sessions)
    .set({ endedAt: sql`${placeholder('at')}` })
    .where(eq(sessions.id, placeholder('id')))
    .prepare()
  const extendSession = db
    .update(sessions)
    .set({ expiresAt: sql`max(${sessions.expiresAt}, ${placeholder('expiresAt')})` })
    .where(eq(sessions.id, placeholder('id')))
    .prepare()
  const expired = db
    .select({ id: sessions.id })
    .from(sessions)
    .where(lt(sessions.expiresAt, placeholder('at')))
    .limit(placeholder('limit'))
  const purge = db.delete(sessions).where(inArray(sessions.id, expired)).prepare()

  function startSession(userId: UserId, { jti, expiresAt }: RefreshTokenRecord, at: number): string {
    const id = randomUUID()
    try {
      insertSession.run({ id, userId, expiresAt, at })
    } catch (error) {
      // Deleted between its authentication and this write.
      throw isForeignKeyViolation(error) ? errors.userNotFound() : error
    }
    insertToken.run({ jti, sessionId: id, expiresAt })
    return id
  }

  /**
   * A token that is unknown here was minted elsewhere with our secret, and starts its session now. Undefined where its id
   * is that of another user's.
   */
  function findOrAdopt(userId: UserId, token: RefreshTokenRecord, at: number) {
    const known = findToken.get({ jti: token.jti })
    if (known) return known.userId === userId ? known : undefined
    return { sessionId: startSession(userId, token, at), usedAt: null, endedAt: null }
  }

  return {
    start: (userId, token, at) => commits.run(() => void startSession(userId, token, at)),

    rotate: (userId, used, next, { at, graceMs }) =>
      commits.run(() => {
        const found = findOrAdopt(userId, used, at)
        if (!found || found.endedAt !== null) return 'ended'
        const { sessionId, usedAt } = found
        if (usedAt !== null && at - usedAt > graceMs) {
          endSession.run({ id: sessionId, at })
          return 'reused'
        }
        if (usedAt === null) useToken.run({ jti: used.jti, at })
        forgetExpired.run({ id: sessionId, at })
        insertToken.run({ jti: next.jti, sessionId, expiresAt: next.expiresAt })
        extendSession.run({ id: sessionId, expiresAt: next.expiresAt })
        return 'rotated'
      }),

    end: (userId, token, at, exceptJti) =>
      commits.run(() => {
        const found = findOrAdopt(userId, token, at)
        if (!found || found.usedAt !== null || found.endedAt !== null) return false
        if (exceptJti !== undefined && findToken.get({ jti: exceptJti })?.sessionId === found.sessionId)
          return false
        endSession.run({ id: found.sessionId, at })
        return true
      }, FREES),

    isRevoked: (jti) =>
      read(() => {
        const token = findToken.get({ jti })
        return token !== undefined && (token.usedAt !== null || token.endedAt !== null)
      }),

    purgeExpired: (at, limit) => commits.run(() => purge.run({ at, limit }).changes, FREES)
  }
}
