import type { IdentityStore } from '../../identity/identity-store.ts'
import { and, eq, sql } from './drizzle.ts'
import type { GroupCommit } from './group-commit.ts'
import { prepareInsertUser } from './insert-user.ts'
import { profileColumns } from './profile-columns.ts'
import { userIdentities, users } from './schema.ts'
import type { SqliteDatabase } from './sqlite-database.ts'
import { read } from './sqlite-errors.ts'
import type { UserStoreOptions } from './sqlite-user-store.ts'
import { createTakenNames } from './taken-names.ts'

const placeholder = sql.placeholder

/** `IdentityStore` over SQLite. */
export function createSqliteIdentityStore(
  db: SqliteDatabase,
  commits: GroupCommit,
  { keepEmailHashes }: UserStoreOptions
): IdentityStore {
  const insertUser = prepareInsertUser(db, createTakenNames(db), keepEmailHashes)
  const insertIdentity = db
    .insert(userIdentities)
    .values({
      issuer: placeholder('issuer'),
      subject: placeholder('subject'),
      userId: placeholder('userId')
    })
    .prepare()
  const byIdentity = db
    .select(profileColumns)
    .from(userIdentities)
    .innerJoin(users, eq(users.id, userIdentities.userId))
    .where(
      and(
        eq(userIdentities.issuer, placeholder('issuer')),
        eq(userIdentities.subject, placeholder('subject'))
      )
    )
    .prepare()

  return {
    find: ({ issuer, subject }) => read(() => byIdentity.get({ issuer, subject })),

    provision: ({ issuer, subject }, user) =>
      commits.run(() => {
        const known = byIdentity.get({ issuer, subject })
        if (known) return { user: known, isNew: false }
        const created = insertUser(user)
        insertIdentity.run({ issuer, subject, userId: created.id })
        return { user: created, isNew: true }
      })
  }
}
