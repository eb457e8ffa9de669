import pg from 'pg'
import { openPostgresStores } from '../../src/stores/postgres/open-postgres.ts'

/** The users of `fill-users.ts`, half of them with a picture. */
const USERS = `
  INSERT INTO users (id, username, username_key, email, email_key, first_name, last_name, number_phone, avatar, password,
                     date_joined, last_login)
  SELECT id, 'User_' || id, 'user_' || id, 'User_' || id || '@example.com', 'user_' || id || '@example.com',
         'First ' || (id % 1000), 'Last ' || (id % 7919), lpad(id::text, 10, '0'),
         CASE WHEN id % 2 = 0 THEN md5(id::text) || '.jpg' END,
         'argon2$argon2id$v=19$m=19456,t=2,p=1$' || left(md5('s' || id), 22) || '$' || left(md5('h' || id) || md5('k' || id), 43),
         1700000000000 + id, 1710000000000 + id
  FROM generate_series(1, $1::bigint) id`

const SESSIONS = `
  INSERT INTO sessions (id, user_id, expires_at, started_at)
  SELECT md5('s' || id)::uuid, id, 1800000000000 + id, 1790000000000 + id FROM generate_series(1, $1::bigint) id`

/** Three of each session, of which the last is live. */
const TOKENS = `
  INSERT INTO refresh_tokens (jti, session_id, used_at, expires_at)
  SELECT md5('t' || id || '-' || n), md5('s' || id)::uuid, CASE WHEN n < 3 THEN 1790000000000 END, 1800000000000
  FROM generate_series(1, $1::bigint) id, generate_series(1, 3) n`

/** What one row takes up, with what its indexes have for it, in bytes. */
export interface RowSizes {
  user: { row: number; indexes: number }
  session: { row: number; indexes: number }
  token: { row: number; indexes: number }
}

/** Fills an empty database with users of equal shape, ids 1 to `count`; one session each, where they are asked for. */
export async function fillPostgres(url: string, count: number, { sessions = false } = {}): Promise<void> {
  // Makes the schema, as the service does.
  const stores = await openPostgresStores({ url })
  await stores.close()
  await withClient(url, async (client) => {
    await client.query(USERS, [count])
    if (sessions) for (const sql of [SESSIONS, TOKENS]) await client.query(sql, [count])
    await client.query('VACUUM (FREEZE, ANALYZE)')
  })
}

export const measureRows = (url: string): Promise<RowSizes> =>
  withClient(url, async (client) => {
    async function sizeOf(table: string) {
      const { rows } = await client.query<{ row: number; indexes: number }>(
        `SELECT pg_table_size('${table}')::float8 / n AS row, pg_indexes_size('${table}')::float8 / n AS indexes
         FROM (SELECT greatest(count(*), 1) AS n FROM ${table}) counted`
      )
      return rows[0] ?? { row: 0, indexes: 0 }
    }
    return {
      user: await sizeOf('users'),
      session: await sizeOf('sessions'),
      token: await sizeOf('refresh_tokens')
    }
  })

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
