import type { SQL } from 'drizzle-orm'
import type { StorageFigures } from '../../admin/admin-store.ts'
import { sql } from './drizzle.ts'
import type { PostgresDatabase } from './postgres-database.ts'
import { auditLog, sessions, users } from './schema.ts'
import { prepareSql } from './statement.ts'

/** More rows than these are not counted. */
const MOST = 200_000

/** One more than `MOST` where there are more, whether they were counted or the server knows it without. */
const counted = (rows: SQL, known: SQL = sql`0`) =>
  sql`case when ${known} > ${sql.placeholder('most')}::bigint then ${sql.placeholder('most')}::bigint + 1
    else (select count(*) from (${rows} limit ${sql.placeholder('most')}::bigint + 1) as some_rows) end`

/** What the server has noted: at the last analysis, and of writes. */
const noted = (table: string) =>
  sql`(select greatest(c.reltuples::bigint, s.n_live_tup) from pg_class c
    left join pg_stat_user_tables s on s.relid = c.oid where c.oid = to_regclass('${sql.raw(table)}'))`

interface Found {
  users: number
  usersNoted: number
  avatars: number
  sessions: number
  acts: number
  databaseBytes: number
}

const figures = prepareSql<Found>(
  'figures',
  sql`select ${counted(sql`select from ${users}`, noted('users'))}, ${noted('users')},
    ${counted(sql`select from ${users} where ${users.avatar} is not null`)},
    ${counted(sql`select from ${sessions}`, noted('sessions'))},
    ${counted(sql`select from ${auditLog}`, noted('audit_log'))},
    pg_database_size(current_database())`,
  { users: true, usersNoted: true, avatars: true, sessions: true, acts: true, databaseBytes: true }
)

/**
 * The figures of the database, by one statement.
 * @param most as many rows of a kind are counted
 */
export function createPostgresFigures(
  database: PostgresDatabase,
  most = MOST
): () => Promise<StorageFigures> {
  const unlessMany = (count: number) => (count > most ? null : count)

  return async () => {
    const found = await database.runOne(figures, { most })
    if (!found) throw new Error('the figures were not answered')
    const { usersNoted, databaseBytes } = found
    return {
      users: found.users > most ? Math.max(found.users, usersNoted) : found.users,
      usersEstimated: found.users > most,
      avatars: unlessMany(found.avatars),
      sessions: unlessMany(found.sessions),
      acts: unlessMany(found.acts),
      databaseBytes,
      databaseFreeBytes: null
    }
  }
}
