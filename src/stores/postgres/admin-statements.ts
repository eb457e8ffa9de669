import type { ImportRecord, NamedUser, SessionSummary } from '../../admin/admin-store.ts'
import type { IdentityField } from '../../users/identity.ts'
import type { User } from '../../users/user.ts'
import { build, desc, eq, gt, gte, lt, sql } from './drizzle.ts'
import { profileColumns } from './profile-columns.ts'
import { imports, refreshTokens, sessions, users } from './schema.ts'
import { prepare, prepareSql, type Statement } from './statement.ts'

const placeholder = sql.placeholder

export const newest: Statement<User> = prepare(
  'users_newest',
  build
    .select(profileColumns)
    .from(users)
    .where(lt(users.id, placeholder('before')))
    .orderBy(desc(users.id))
    .limit(placeholder('limit')),
  profileColumns
)

const columnOf = (field: IdentityField) => (field === 'email' ? users.emailKey : users.usernameKey)

/** A user with the key that it was found by. */
export type KeyedUser = User & Pick<NamedUser, 'key'>

/** Users in the order of their keys. */
function namesBy(
  name: string,
  field: IdentityField,
  compare: typeof gt | typeof gte | typeof eq
): Statement<KeyedUser> {
  const columns = { ...profileColumns, key: columnOf(field) }
  return prepare(
    name,
    build
      .select(columns)
      .from(users)
      .where(compare(columns.key, placeholder('from')))
      .orderBy(columns.key)
      .limit(placeholder('limit')),
    columns
  )
}

const namePages = (field: IdentityField) => ({
  from: namesBy(`${field}s_from`, field, gte),
  after: namesBy(`${field}s_after`, field, gt),
  whole: namesBy(`${field}s_whole`, field, eq)
})

export const byName = { username: namePages('username'), email: namePages('email') }

/** Tokens are looked at only of the sessions that are answered. */
export const sessionsOf = prepareSql<SessionSummary>(
  'sessions_of',
  sql`select id, started_at,
      (select max(${refreshTokens.usedAt}) from ${refreshTokens} where ${refreshTokens.sessionId} = chosen.id),
      expires_at, ended_at
    from (
      select id, started_at, expires_at, ended_at from ${sessions} where ${sessions.userId} = ${placeholder('id')}
      order by ended_at is not null, coalesce(ended_at, expires_at) desc, id limit ${placeholder('limit')}
    ) as chosen
    order by ended_at is not null, coalesce(ended_at, expires_at) desc, id`,
  { id: true, startedAt: true, lastUsedAt: true, expiresAt: true, endedAt: true }
)

export const lastImports: Statement<ImportRecord> = prepare(
  'imports_last',
  build.select().from(imports).orderBy(desc(imports.id)).limit(placeholder('limit')),
  { id: imports.id, at: imports.at, summary: imports.summary, findings: imports.findings }
)
