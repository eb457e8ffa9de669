import { emailHash } from '../../users/email-hash.ts'
import { identityKeys } from '../../users/identity.ts'
import type { User } from '../../users/user.ts'
import type { NewUser } from '../../users/user-store.ts'
import { writeExtra } from '../extra-text.ts'
import { sql } from './drizzle.ts'
import { profileColumns } from './profile-columns.ts'
import { users } from './schema.ts'
import type { SqliteDatabase } from './sqlite-database.ts'
import type { TakenNames } from './taken-names.ts'

const placeholder = sql.placeholder

/** The columns that follow from an email. */
export const hashColumn = ({ email }: { email?: string }, keepEmailHashes: boolean) =>
  email === undefined ? {} : { emailHash: keepEmailHashes ? emailHash(email) : null }

/**
 * Writes a new user by one statement, within a transaction.
 * @returns a function that throws `IdentityTakenError`
 */
export function prepareInsertUser(
  db: SqliteDatabase,
  names: TakenNames,
  keepEmailHashes: boolean
): (user: NewUser) => User {
  const insert = db
    .insert(users)
    .values({
      username: placeholder('username'),
      usernameKey: placeholder('usernameKey'),
      email: placeholder('email'),
      emailKey: placeholder('emailKey'),
      emailHash: placeholder('emailHash'),
      firstName: placeholder('firstName'),
      lastName: placeholder('lastName'),
      numberPhone: placeholder('numberPhone'),
      passwordHash: placeholder('passwordHash'),
      dateJoined: placeholder('dateJoined'),
      isStaff: placeholder('isStaff'),
      isSuperuser: placeholder('isSuperuser'),
      extra: placeholder('extra')
    })
    .returning(profileColumns)
    .prepare()
  return (user) => {
    const keys = identityKeys(user)
    const values = {
      isStaff: false,
      isSuperuser: false,
      ...user,
      ...keys,
      ...hashColumn(user, keepEmailHashes),
      extra: user.extra ? writeExtra(user.extra) : null
    }
    return names.guard(keys, undefined, () => insert.get(values))
  }
}
