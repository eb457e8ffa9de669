import type { User, UserId } from '../../users/user.ts'
import { asc, build, desc, eq, gt, or, sql } from './drizzle.ts'
import { forgetActs } from './forget-acts.ts'
import { newRow } from './new-row.ts'
import { profileColumns, recordColumns, type UserRecord } from './profile-columns.ts'
import { users } from './schema.ts'
import { prepare, prepareSql, type Statement } from './statement.ts'

const placeholder = sql.placeholder

const hasId = eq(users.id, placeholder('id'))

export const byId: Statement<User> = prepare(
  'user_by_id',
  build.select(profileColumns).from(users).where(hasId),
  profileColumns
)

export const byIds = prepareSql<User>(
  'users_by_id',
  sql`select ${sql.join(Object.values(profileColumns), sql`, `)} from ${users}
    where ${users.id} = any(${placeholder('ids')}::bigint[])`,
  profileColumns
)

export const recordById: Statement<UserRecord> = prepare(
  'user_record_by_id',
  build.select(recordColumns).from(users).where(hasId),
  recordColumns
)

const byKey = (
  name: string,
  preferred: typeof users.emailKey | typeof users.usernameKey
): Statement<UserRecord> =>
  prepare(
    name,
    build
      .select(recordColumns)
      .from(users)
      .where(or(eq(users.emailKey, placeholder('key')), eq(users.usernameKey, placeholder('key'))))
      .orderBy(desc(eq(preferred, placeholder('key'))))
      .limit(placeholder('limit')),
    recordColumns
  )

/** By an email or a username; where the key is one user's email and another's username, by the one of the name. */
export const byNames = {
  email: byKey('user_by_email', users.emailKey),
  username: byKey('user_by_username', users.usernameKey)
}

export const byEmailHash: Statement<User> = prepare(
  'user_by_email_hash',
  build
    .select(profileColumns)
    .from(users)
    .where(eq(users.emailHash, placeholder('hash'))),
  profileColumns
)

export const page: Statement<User> = prepare(
  'user_page',
  build
    .select(profileColumns)
    .from(users)
    .where(gt(users.id, placeholder('after')))
    .orderBy(asc(users.id))
    .limit(placeholder('limit')),
  profileColumns
)

export const superuser = prepareSql<{ there: boolean }>(
  'user_superuser',
  sql`select exists (select from ${users} where ${users.isSuperuser})`,
  { there: true }
)

export const anyone = prepareSql<{ there: boolean }>('user_any', sql`select exists (select from ${users})`, {
  there: true
})

export const insert: Statement<User> = prepare(
  'user_insert',
  build.insert(users).values(newRow).returning(profileColumns),
  profileColumns
)

/** With what the audit log knows of the user's values. */
export const remove: Statement<Pick<User, 'avatar'>> = prepareSql(
  'user_delete',
  sql`with forgotten as (${forgetActs(placeholder('id'))})
    delete from ${users} where ${hasId} returning ${users.avatar}`,
  { avatar: users.avatar }
)

/** For what is decided by a row before it is written. */
export const lockById: Statement<User> = prepare(
  'user_lock_by_id',
  build.select(profileColumns).from(users).where(hasId).for('update'),
  profileColumns
)

/** The id that a page begins after. */
export const after = (id: UserId | undefined) => id ?? 0
