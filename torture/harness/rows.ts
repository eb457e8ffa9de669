import Database from 'better-sqlite3'
import { findFileDamage } from '../../src/stores/sqlite/file-damage.ts'

export interface UserRow {
  id: number
  username: string
  email: string
  first_name: string
  last_name: string
  number_phone: string | null
  avatar: string | null
  password: string
  date_joined: number
  last_login: number | null
  token_epoch: number
}

export interface SessionRow {
  id: string
  userId: number
  endedAt: number | null
  /** When each of its tokens was used, by the token's id. */
  tokens: Map<string, number | null>
}

/** Everything in a database that somebody asked for. */
export interface Rows {
  users: Map<number, UserRow>
  sessions: SessionRow[]
  sessionOfToken: Map<string, SessionRow>
  /** What the database finds wrong with its own files; empty where nothing is. */
  damage: string[]
}

/** Reads all of it by one transaction, beside a service that may be running. */
export function readRows(path: string): Rows {
  const database = new Database(path, { readonly: true })
  try {
    return database.transaction(() => readAll(database))()
  } finally {
    database.close()
  }
}

function readAll(database: Database.Database): Rows {
  const all = <T>(sql: string) => database.prepare<[], T>(sql).all()
  const users = all<UserRow>('select * from users')
  const sessions = all<Omit<SessionRow, 'tokens'>>(
    'select id, user_id userId, ended_at endedAt from sessions'
  )
  const tokens = all<TokenRow>('select jti, session_id sessionId, used_at usedAt from refresh_tokens')
  return { ...groupRows(users, sessions, tokens), damage: findFileDamage(database) }
}

export interface TokenRow {
  jti: string
  sessionId: string
  usedAt: number | null
}

/** Puts together what a database keeps apart. */
export function groupRows(
  users: UserRow[],
  sessionRows: Omit<SessionRow, 'tokens'>[],
  tokens: TokenRow[]
): Omit<Rows, 'damage'> {
  const sessions = new Map(
    sessionRows.map((row): [string, SessionRow] => [row.id, { ...row, tokens: new Map() }])
  )
  const sessionOfToken = new Map<string, SessionRow>()
  for (const { jti, sessionId, usedAt } of tokens) {
    const session = sessions.get(sessionId)
    session?.tokens.set(jti, usedAt)
    if (session) sessionOfToken.set(jti, session)
  }
  return {
    users: new Map(users.map((row) => [row.id, row])),
    sessions: [...sessions.values()],
    sessionOfToken
  }
}
