import { type IdentityKeys, identityKeys } from '../../users/identity.ts'
import type { User, UserId } from '../../users/user.ts'
import type { SignInRecord, UserChanges, UserStore } from '../../users/user-store.ts'
import { userVersion } from '../../users/user-version.ts'
import { writeExtra } from '../extra-text.ts'
import { hashColumn, newValues, type UserStoreOptions } from './new-row.ts'
import { createPostgresAvatars } from './postgres-avatars.ts'
import { createPostgresCredentials } from './postgres-credentials.ts'
import type { PostgresDatabase } from './postgres-database.ts'
import { createPostgresEmailHashes } from './postgres-email-hashes.ts'
import { splitRecord } from './profile-columns.ts'
import type { Values } from './statement.ts'
import { createPostgresTurns } from './take-turn.ts'
import { createTakenNames, keyColumns } from './taken-names.ts'
import { keyText } from './texts.ts'
import { isGrouped, updateOf } from './update-statements.ts'
import { createUserLookup } from './user-lookup.ts'
import { after, anyone, byId, byNames, insert, lockById, page, remove, superuser } from './user-statements.ts'
import { createUserUpdates } from './user-updates.ts'

/**
 * `UserStore` over PostgreSQL, to which other nodes write too: nothing is remembered here, and what is decided by a row is
 * decided by the statement that writes it.
 */
export function createPostgresUserStore(
  database: PostgresDatabase,
  { keepEmailHashes }: UserStoreOptions
): UserStore {
  const names = createTakenNames(database)
  const updateTogether = createUserUpdates(database)

  const valuesOf = (changes: Omit<UserChanges, 'extra'>, keys: IdentityKeys): Values => ({
    ...changes,
    ...keyColumns(keys),
    ...hashColumn(changes, keepEmailHashes)
  })

  /**
   * What depends on the row: it is looked at while nobody else can write it.
   * @param judge answers what there is instead of the update; undefined where nothing is in its way
   */
  function updateLocked<Refusal = never>(
    id: UserId,
    { extra: given, ...changes }: UserChanges,
    judge?: (before: User) => Refusal | undefined
  ): Promise<{ before: User; user: User } | Refusal | undefined> {
    const keys = identityKeys(changes)
    const write = () =>
      database.transaction(async (run) => {
        const [before] = await run(lockById, { id })
        if (!before) return undefined
        const refusal = judge?.(before)
        if (refusal !== undefined) return refusal
        const extra = given && { ...before.extra, ...given }
        const values = { ...valuesOf(changes, keys), ...(extra && { extra: writeExtra(extra) }) }
        const statements = updateOf(values)
        if (statements) await run(statements.alone, { ...values, id })
        return { before, user: { ...before, ...changes, ...(extra && { extra }) } }
      })
    return names.guard(keys, id, write)
  }

  /** @returns the user as it was right before */
  function write(id: UserId, values: Values, keys: IdentityKeys): Promise<User | undefined> {
    const statements = updateOf(values)
    if (!statements) return database.runOne(byId, { id })
    if (isGrouped(statements)) return updateTogether(statements, id, values)
    return names.guard(keys, id, () => database.runOne(statements.alone, { ...values, id }))
  }

  return {
    create(user) {
      const write = async () => {
        const [created] = await database.run(insert, newValues(user, keepEmailHashes))
        if (!created) throw new Error('a new user was not answered')
        return created
      }
      return names.guard(identityKeys(user), undefined, write)
    },

    findById: createUserLookup(database),

    async findForSignIn(key, prefer): Promise<SignInRecord | undefined> {
      const row = await database.runOne(byNames[prefer], { key: keyText(key), limit: 1 })
      return row && splitRecord(row)
    },

    findTaken: names.findTaken,

    async update(id, changes) {
      // Those that there are of the host's fields stay.
      if (changes.extra) return updateLocked(id, changes)
      const keys = identityKeys(changes)
      const before = await write(id, valuesOf(changes, keys), keys)
      return before && { before, user: { ...before, ...changes } }
    },

    updateIf: (id, versions, changes) =>
      updateLocked(id, changes, (before) => (versions.includes(userVersion(before)) ? undefined : 'changed')),

    delete: (id) => database.runOne(remove, { id }),

    ...createPostgresAvatars(database),

    ...createPostgresCredentials(database),

    ...createPostgresEmailHashes(database, keepEmailHashes),

    ...createPostgresTurns(database),

    list: (id, limit) => database.run(page, { after: after(id), limit }),

    hasSuperuser: async () => (await database.runOne(superuser))?.there === true,

    isEmpty: async () => (await database.runOne(anyone))?.there !== true
  }
}
