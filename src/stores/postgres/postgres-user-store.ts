import { type IdentityKeys, identityKeys } from '../../users/identity.ts'
import type { ProfileExtra, User, UserId } from '../../users/user.ts'
import type { SignInRecord, UserChanges, UserStore } from '../../users/user-store.ts'
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
import {
  after,
  anyone,
  byId,
  byNames,
  insert,
  lockExtra,
  page,
  remove,
  superuser
} from './user-statements.ts'
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

  /** With the host's fields: those that there are are looked at while nobody else can write them. */
  function updateExtra(id: UserId, values: object, given: ProfileExtra) {
    return database.transaction(async (run) => {
      const [locked] = await run(lockExtra, { id })
      if (!locked) return undefined
      const extra = { ...locked.extra, ...given }
      const written = { ...values, extra: writeExtra(extra) }
      const statements = updateOf(written)
      const [before] = statements ? await run(statements.alone, { ...written, id }) : []
      return before && { before, extra }
    })
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

    async update(id: UserId, { extra: given, ...changes }: UserChanges) {
      const keys = identityKeys(changes)
      const values = { ...changes, ...keyColumns(keys), ...hashColumn(changes, keepEmailHashes) }
      if (given) {
        const written = await names.guard(keys, id, () => updateExtra(id, values, given))
        return (
          written && {
            before: written.before,
            user: { ...written.before, ...changes, extra: written.extra }
          }
        )
      }
      const before = await write(id, values, keys)
      return before && { before, user: { ...before, ...changes } }
    },

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
