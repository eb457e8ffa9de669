import { emailHash } from '../../users/email-hash.ts'
import type { UserStore } from '../../users/user-store.ts'
import { asc, build, gt, sql } from './drizzle.ts'
import type { PostgresDatabase } from './postgres-database.ts'
import { users } from './schema.ts'
import { prepare, prepareSql } from './statement.ts'
import { after, byEmailHash } from './user-statements.ts'

const placeholder = sql.placeholder

const hashColumns = { id: users.id, email: users.email, emailHash: users.emailHash }

const hashesAfter = prepare(
  'hash_page',
  build
    .select(hashColumns)
    .from(users)
    .where(gt(users.id, placeholder('after')))
    .orderBy(asc(users.id))
    .limit(placeholder('limit')),
  hashColumns
)

/** Only of an email that is the same still; whoever changed it has written its hash. */
const fillHashes = prepareSql<never>(
  'hash_fill',
  sql`update ${users} set email_hash = found.hash
    from unnest(${placeholder('ids')}::bigint[], ${placeholder('emails')}::text[], ${placeholder('hashes')}::text[])
      as found (id, email, hash)
    where ${users.id} = found.id and ${users.email} = found.email and ${users.emailHash} is null`,
  {}
)

/** The part of the `UserStore` that finds users by the hashes of their emails. */
export function createPostgresEmailHashes(
  database: PostgresDatabase,
  keepEmailHashes: boolean
): Pick<UserStore, 'findByEmailHash' | 'hashEmails'> {
  return {
    findByEmailHash: (hash) => database.runOne(byEmailHash, { hash }),

    async hashEmails(id, limit) {
      if (!keepEmailHashes) throw new Error('the store was not opened to keep the hashes of emails')
      const found = await database.run(hashesAfter, { after: after(id), limit })
      const missing = found.filter(({ emailHash }) => emailHash === null)
      // Mostly nothing is missing.
      if (missing.length > 0)
        await database.run(fillHashes, {
          ids: missing.map(({ id }) => id),
          emails: missing.map(({ email }) => email),
          hashes: missing.map(({ email }) => emailHash(email))
        })
      return found.at(-1)?.id
    }
  }
}
