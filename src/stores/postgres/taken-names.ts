import type { IdentityField, IdentityKeys } from '../../users/identity.ts'
import type { UserId } from '../../users/user.ts'
import { IdentityTakenError } from '../../users/user-store.ts'
import { sql } from './drizzle.ts'
import { guardUnique, type PostgresDatabase } from './postgres-database.ts'
import { users } from './schema.ts'
import { prepareSql } from './statement.ts'
import { keyText } from './texts.ts'

/** Whose the names are. */
export interface TakenNames {
  /** Which of the keys belong to users other than `except`. */
  findTaken(keys: IdentityKeys, except?: UserId): Promise<IdentityField[]>
  /**
   * Turns a failed unique index into all the fields that are taken.
   * @param find what else may be in the way of the write, and is as good as its result
   * @throws {IdentityTakenError}
   */
  guard<T>(
    keys: IdentityKeys,
    except: UserId | undefined,
    write: () => Promise<T>,
    find?: () => Promise<T | undefined>
  ): Promise<T>
}

/** The key columns of the names that are given. */
export const keyColumns = ({ usernameKey, emailKey }: IdentityKeys): IdentityKeys => ({
  ...(usernameKey !== undefined && { usernameKey: keyText(usernameKey) }),
  ...(emailKey !== undefined && { emailKey: keyText(emailKey) })
})

export function createTakenNames(database: PostgresDatabase): TakenNames {
  const placeholder = sql.placeholder
  const taken = prepareSql<{ username: boolean | null; email: boolean | null }>(
    'names_taken',
    sql`select bool_or(${users.usernameKey} = ${placeholder('usernameKey')}), bool_or(${users.emailKey} = ${placeholder('emailKey')})
      from ${users} where ${users.id} <> ${placeholder('except')}
        and (${users.usernameKey} = ${placeholder('usernameKey')} or ${users.emailKey} = ${placeholder('emailKey')})`,
    { username: true, email: true }
  )

  async function findTaken(keys: IdentityKeys, except?: UserId): Promise<IdentityField[]> {
    const values = { usernameKey: null, emailKey: null, ...keyColumns(keys), except: except ?? 0 }
    const { username, email } = (await database.runOne(taken, values)) ?? {}
    return [...(username ? (['username'] as const) : []), ...(email ? (['email'] as const) : [])]
  }

  return {
    findTaken,
    guard: (keys, except, write, find) =>
      guardUnique(write, async () => {
        const found = await find?.()
        if (found !== undefined) return found
        const fields = await findTaken(keys, except)
        if (fields.length > 0) throw new IdentityTakenError(fields)
        return undefined
      })
  }
}
