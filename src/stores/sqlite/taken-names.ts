import type { IdentityField, IdentityKeys } from '../../users/identity.ts'
import type { UserId } from '../../users/user.ts'
import { IdentityTakenError } from '../../users/user-store.ts'
import { and, eq, ne, or, sql } from './drizzle.ts'
import { users } from './schema.ts'
import type { SqliteDatabase } from './sqlite-database.ts'
import { isUniqueViolation } from './sqlite-errors.ts'

const placeholder = sql.placeholder

/** Whose the names are. */
export interface TakenNames {
  /** Which of the keys belong to users other than `except`. */
  findTaken(keys: IdentityKeys, except?: UserId): IdentityField[]
  /**
   * Turns a failed unique index into all the fields that are taken, within the same transaction.
   * @throws {IdentityTakenError}
   */
  guard<T>(keys: IdentityKeys, except: UserId | undefined, write: () => T): T
}

export function createTakenNames(db: SqliteDatabase): TakenNames {
  const taken = db
    .select({ usernameKey: users.usernameKey, emailKey: users.emailKey })
    .from(users)
    .where(
      and(
        ne(users.id, placeholder('except')),
        or(eq(users.usernameKey, placeholder('usernameKey')), eq(users.emailKey, placeholder('emailKey')))
      )
    )
    .prepare()

  function findTaken({ usernameKey, emailKey }: IdentityKeys, except?: UserId): IdentityField[] {
    const rows = taken.all({
      except: except ?? 0,
      usernameKey: usernameKey ?? null,
      emailKey: emailKey ?? null
    })
    const found: IdentityField[] = []
    if (rows.some((row) => row.usernameKey === usernameKey)) found.push('username')
    if (rows.some((row) => row.emailKey === emailKey)) found.push('email')
    return found
  }

  return {
    findTaken,
    guard(keys, except, write) {
      try {
        return write()
      } catch (error) {
        if (!isUniqueViolation(error)) throw error
        throw new IdentityTakenError(findTaken(keys, except))
      }
    }
  }
}
