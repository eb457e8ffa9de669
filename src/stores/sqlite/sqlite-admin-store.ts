import type { AdminStore, SessionSummary } from '../../admin/admin-store.ts'
import type { IdentityField } from '../../users/identity.ts'
import type { UserId } from '../../users/user.ts'
import { nameRange, withPrefix } from '../name-range.ts'
import { desc, gt, gte, lt, sql } from './drizzle.ts'
import { profileColumns } from './profile-columns.ts'
import { imports, users } from './schema.ts'
import type { SqliteDatabase } from './sqlite-database.ts'
import { read } from './sqlite-errors.ts'
import { createSqliteFigures } from './sqlite-figures.ts'

const placeholder = sql.placeholder

/**
 * `AdminStore` over SQLite. Its statements are prepared when the first of them is needed: most processes need none.
 * @param path the database's file, or `:memory:`
 */
export function createSqliteAdminStore(db: SqliteDatabase, path: string): AdminStore {
  let prepared: ReturnType<typeof prepareAll> | undefined
  const statements = () => {
    prepared ??= prepareAll(db, path)
    return prepared
  }

  return {
    newest: (before, limit) =>
      read(() => statements().newest.all({ before: before ?? Number.MAX_SAFE_INTEGER, limit })),

    findByPrefix: (field, prefix, after, limit) =>
      read(() => {
        const wanted = prefix.toWellFormed()
        const { from, isAfter } = nameRange(wanted, after)
        const rows = statements().byName[field][isAfter ? 'after' : 'from'].all({ from, limit })
        return withPrefix(
          rows.map(({ key, ...user }) => ({ key, user })),
          wanted
        )
      }),

    sessionsOf: (id, limit) => read(() => statements().sessionsOf.all(id, limit)),

    figures: async () => (await read(statements)).figures(),

    imports: (limit) => read(() => statements().lastImports.all({ limit }))
  }
}

function prepareAll(db: SqliteDatabase, path: string) {
  const newest = db
    .select(profileColumns)
    .from(users)
    .where(lt(users.id, placeholder('before')))
    .orderBy(desc(users.id))
    .limit(placeholder('limit'))
    .prepare()
  const lastImports = db
    .select()
    .from(imports)
    .orderBy(desc(imports.id))
    .limit(placeholder('limit'))
    .prepare()
  return {
    newest,
    byName: { username: prepareNames(db, 'username'), email: prepareNames(db, 'email') },
    sessionsOf: db.$client.prepare<[UserId, number], SessionSummary>(SESSIONS),
    figures: createSqliteFigures(db.$client, path),
    lastImports
  }
}

/** Users in the order of their keys. */
function prepareNames(db: SqliteDatabase, field: IdentityField) {
  const key = field === 'email' ? users.emailKey : users.usernameKey
  const page = (where: typeof gt) =>
    db
      .select({ ...profileColumns, key })
      .from(users)
      .where(where(key, placeholder('from')))
      .orderBy(key)
      .limit(placeholder('limit'))
      .prepare()
  return { from: page(gte), after: page(gt) }
}

/** Tokens are looked at only of the sessions that are answered. */
const SESSIONS = `
  select id, startedAt, (select max(used_at) from refresh_tokens where session_id = chosen.id) lastUsedAt, expiresAt, endedAt
  from (
    select id, started_at startedAt, expires_at expiresAt, ended_at endedAt from sessions where user_id = ?
    order by ended_at is not null, ifnull(ended_at, expires_at) desc, id limit ?
  ) chosen
  order by endedAt is not null, ifnull(endedAt, expiresAt) desc, id`
