import pg from 'pg'
import { groupRows, type Rows, type SessionRow, type UserRow } from '../rows.ts'

/** Indexes, and whether they and their tables say the same; amcheck(7) of Debian's package. */
const DAMAGE = `select bt_index_check(i.indexrelid, true) from pg_index i
  join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam join pg_namespace n on n.oid = c.relnamespace
  where a.amname = 'btree' and n.nspname = 'public' and c.relkind = 'i'`

const NUMBERS = ['id', 'date_joined', 'last_login', 'token_epoch', 'userId', 'endedAt', 'usedAt']

/** All of a PostgreSQL database by one snapshot, in the shape that the rows of SQLite have. */
export async function readPostgresRows(connectionString: string): Promise<Rows> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5000 })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    const all = async <T>(sql: string) => (await client.query(sql)).rows.map((row) => withNumbers(row) as T)
    const users = await all<UserRow>('select * from users')
    const sessions = await all<Omit<SessionRow, 'tokens'>>(
      'select id, user_id "userId", ended_at "endedAt" from sessions'
    )
    const tokens = await all<{ jti: string; sessionId: string; usedAt: number | null }>(
      'select jti, session_id "sessionId", used_at "usedAt" from refresh_tokens'
    )
    await client.query('commit')
    return { ...groupRows(users, sessions, tokens), damage: await findDamage(client) }
  } finally {
    await client.end()
  }
}

/** `bigint` comes as a text. */
function withNumbers(row: Record<string, unknown>): object {
  for (const name of NUMBERS)
    if (typeof row[name] === 'string' && /^\d+$/.test(row[name])) row[name] = Number(row[name])
  return row
}

async function findDamage(client: pg.Client): Promise<string[]> {
  await client.query('create extension if not exists amcheck')
  try {
    await client.query(DAMAGE)
    return []
  } catch (error) {
    return [`torn: ${error}`]
  }
}
