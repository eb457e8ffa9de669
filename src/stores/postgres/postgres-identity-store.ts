import type { ExternalIdentity, IdentityStore } from '../../identity/identity-store.ts'
import { identityKeys } from '../../users/identity.ts'
import type { User } from '../../users/user.ts'
import { and, build, eq, sql } from './drizzle.ts'
import { newRow, newValues, type UserStoreOptions } from './new-row.ts'
import type { PostgresDatabase } from './postgres-database.ts'
import { profileColumns } from './profile-columns.ts'
import { userIdentities, users } from './schema.ts'
import { prepare, prepareSql } from './statement.ts'
import { createTakenNames } from './taken-names.ts'
import { keyText } from './texts.ts'

const placeholder = sql.placeholder

const byIdentity = prepare(
  'identity_user',
  build
    .select(profileColumns)
    .from(userIdentities)
    .innerJoin(users, eq(users.id, userIdentities.userId))
    .where(
      and(
        eq(userIdentities.issuer, placeholder('issuer')),
        eq(userIdentities.subject, placeholder('subject'))
      )
    ),
  profileColumns
)

const provision = prepareSql<User>(
  'identity_provision',
  sql`with created as ${build.insert(users).values(newRow).returning(profileColumns)}, named as (
      insert into ${userIdentities} (issuer, subject, user_id)
      select ${placeholder('issuer')}::text, ${placeholder('subject')}::text, id from created
    )
    select * from created`,
  profileColumns
)

const identityColumns = ({ issuer, subject }: ExternalIdentity) => ({
  issuer: keyText(issuer),
  subject: keyText(subject)
})

/** `IdentityStore` over PostgreSQL. */
export function createPostgresIdentityStore(
  database: PostgresDatabase,
  { keepEmailHashes }: UserStoreOptions
): IdentityStore {
  const names = createTakenNames(database)

  return {
    find: (identity) => database.runOne(byIdentity, identityColumns(identity)),

    async provision(identity, user) {
      const columns = identityColumns(identity)
      async function findKnown() {
        const known = await database.runOne(byIdentity, columns)
        return known && { user: known, isNew: false }
      }
      const write = async () => {
        const values = { ...newValues(user, keepEmailHashes), ...columns }
        const created = await database.runOne(provision, values)
        if (!created) throw new Error('a new user was not answered')
        return { user: created, isNew: true }
      }
      return (await findKnown()) ?? names.guard(identityKeys(user), undefined, write, findKnown)
    }
  }
}
