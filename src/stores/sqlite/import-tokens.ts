import { randomUUID } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import type { ImportedToken, TokenOutcome } from '../../django/import-store.ts'
import { isIssuedSince } from '../../tokens/claims.ts'

/** The part of the `ImportStore` that keeps refresh tokens: each begins a session, which may have ended. */
export function createImportTokens(database: Database) {
  // One table at a time: SQLite plans a join anew whenever its parameter changes, which takes longer than the rest.
  const findEpoch = database.prepare<[number], number>('SELECT token_epoch FROM users WHERE id = ?').pluck()
  const isImported = database.prepare<[number], number>('SELECT 1 FROM imported_users WHERE id = ?').pluck()
  const findSession = database
    .prepare<[string], string>('SELECT session_id FROM refresh_tokens WHERE jti = ?')
    .pluck()
  const isLive = database
    .prepare<[string], number>('SELECT 1 FROM sessions WHERE id = ? AND ended_at IS NULL')
    .pluck()
  const addSession = database.prepare<[string, number, number, number | null, number | null]>(
    'INSERT INTO sessions (id, user_id, expires_at, ended_at, started_at) VALUES (?, ?, ?, ?, ?)'
  )
  const addToken = database.prepare<[string, string, number]>(
    'INSERT INTO refresh_tokens (jti, session_id, expires_at) VALUES (?, ?, ?)'
  )
  const endSession = database.prepare<[number, string]>('UPDATE sessions SET ended_at = ? WHERE id = ?')

  function add({ jti, userId, issuedAt, expiresAt, isBlacklisted }: ImportedToken, at: number): TokenOutcome {
    const epoch = findEpoch.get(userId)
    if (epoch === undefined || isImported.get(userId) === undefined) return 'left_out'
    const known = findSession.get(jti)
    if (known !== undefined) {
      if (!isBlacklisted || isLive.get(known) === undefined) return 'known'
      endSession.run(at, known)
      return 'ended'
    }
    const iat = issuedAt === undefined ? undefined : Math.floor(issuedAt / 1000)
    const hasEnded = isBlacklisted || !isIssuedSince(epoch, { iat })
    const session = randomUUID()
    addSession.run(session, userId, expiresAt, hasEnded ? at : null, issuedAt ?? null)
    addToken.run(jti, session, expiresAt)
    return hasEnded ? 'ended' : 'live'
  }

  return { add }
}
