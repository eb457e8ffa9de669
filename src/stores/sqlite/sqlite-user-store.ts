import { emailHash } from '../../users/email-hash.ts'
import { type IdentityField, type IdentityKeys, identityKeys } from '../../users/identity.ts'
import type { User, UserId } from '../../users/user.ts'
import { IdentityTakenError, type NewUser, type UserChanges, type UserStore } from '../../users/user-store.ts'
import { and, eq, gt, ne, or, sql } from './drizzle.ts'
import { writeExtra } from './extra-column.ts'
import type { GroupCommit } from './group-commit.ts'
import { prepareWrite, type Write } from './prepare-write.ts'
import { profileColumns } from './profile-columns.ts'
import { users } from './schema.ts'
import { createSqliteAvatars } from './sqlite-avatars.ts'
import { createSqliteCredentials } from './sqlite-credentials.ts'
import type { SqliteDatabase } from './sqlite-database.ts'
import { isUniqueViolation, read } from './sqlite-errors.ts'
import type { UserCache } from './user-cache.ts'

const placeholder = sql.placeholder

export interface UserStoreOptions {
  /** Whether the hashes of emails are kept, by which avatars are looked up. */
  keepEmailHashes: boolean
}

/** `UserStore` over SQLite. Statements are prepared once; those of the update once for each set of columns. */
export function createSqliteUserStore(
  db: SqliteDatabase,
  commits: GroupCommit,
  cache: UserCache,
  { keepEmailHashes }: UserStoreOptions
): UserStore {
  const byId = db
    .select(profileColumns)
    .from(users)
    .where(eq(users.id, placeholder('id')))
    .prepare()
  const byKey = (column: typeof users.emailKey | typeof users.usernameKey) =>
    db
      .select({ ...profileColumns, passwordHash: users.passwordHash })
      .from(users)
      .where(eq(column, placeholder('key')))
      .prepare()
  const byIdentity = { email: byKey(users.emailKey), username: byKey(users.usernameKey) }
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
  const remove = db
    .delete(users)
    .where(eq(users.id, placeholder('id')))
    .returning({ avatar: users.avatar })
    .prepare()
  const byEmailHash = db
    .select(profileColumns)
    .from(users)
    .where(eq(users.emailHash, placeholder('hash')))
    .prepare()
  const hashesAfter = db
    .select({ id: users.id, email: users.email, emailHash: users.emailHash })
    .from(users)
    .where(gt(users.id, placeholder('after')))
    .orderBy(users.id)
    .limit(placeholder('limit'))
    .prepare()
  const page = db
    .select(profileColumns)
    .from(users)
    .where(gt(users.id, placeholder('after')))
    .orderBy(users.id)
    .limit(placeholder('limit'))
    .prepare()
  const superuser = db
    .select({ id: users.id })
    .from(users)
    .where(eq(users.isSuperuser, sql`1`))
    .limit(1)
    .prepare()
  const anyone = db.select({ id: users.id }).from(users).limit(1).prepare()

  const updates = new Map<string, Write>()
  function prepareUpdate(columns: readonly string[]): Write {
    const values = Object.fromEntries(columns.map((column) => [column, sql`${placeholder(column)}`]))
    return prepareWrite(
      db,
      db
        .update(users)
        .set(values)
        .where(eq(users.id, placeholder('id')))
    )
  }

  /** Writes columns of a row that exists. */
  function runUpdate(id: UserId, values: Record<string, unknown>): void {
    const columns = Object.keys(values)
    const name = columns.join()
    const write = updates.get(name) ?? prepareUpdate(columns)
    updates.set(name, write)
    write({ ...values, id })
  }

  /** The columns that follow from an email. */
  const hashColumn = ({ email }: { email?: string }) =>
    email === undefined ? {} : { emailHash: keepEmailHashes ? emailHash(email) : null }

  function fillHash({ id, email, emailHash }: { id: UserId; email: string; emailHash: string | null }): void {
    if (emailHash === null) runUpdate(id, hashColumn({ email }))
  }

  function load(id: UserId): User | undefined {
    const user = byId.get({ id })
    if (user) cache.set(user)
    return user
  }

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

  /** Turns a failed unique index into all the fields that are taken, within the same transaction. */
  function guardingIdentity<T>(keys: IdentityKeys, except: UserId | undefined, write: () => T): T {
    try {
      return write()
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      throw new IdentityTakenError(findTaken(keys, except))
    }
  }

  return {
    create(user: NewUser) {
      const keys = identityKeys(user)
      const extra = user.extra ? writeExtra(user.extra) : null
      const values = { isStaff: false, isSuperuser: false, ...user, ...keys, ...hashColumn(user), extra }
      return commits.runStatement(() => guardingIdentity(keys, undefined, () => insert.get(values)))
    },

    findById: (id) => read(() => cache.get(id) ?? load(id)),

    findForSignIn: (key, prefer) =>
      read(() => {
        const other = prefer === 'email' ? 'username' : 'email'
        const row = byIdentity[prefer].get({ key }) ?? byIdentity[other].get({ key })
        if (!row) return undefined
        const { passwordHash, ...user } = row
        return { user, passwordHash }
      }),

    findTaken: (keys, except) => read(() => findTaken(keys, except)),

    update(id: UserId, { extra, ...changes }: UserChanges) {
      const keys = identityKeys(changes)
      const values = { ...changes, ...keys, ...hashColumn(changes) }
      return commits.runStatement(() => {
        const before = cache.getWithin(id) ?? load(id)
        if (!before) return undefined
        const merged = extra && { ...before.extra, ...extra }
        const written = merged ? { ...values, extra: writeExtra(merged) } : values
        guardingIdentity(keys, id, () => runUpdate(id, written))
        const user = { ...before, ...changes, ...(merged && { extra: merged }) }
        cache.set(user)
        return { before, user }
      })
    },

    delete: (id) =>
      commits.runStatement(() => {
        const deleted = remove.get({ id })
        cache.delete(id)
        return deleted
      }),

    ...createSqliteAvatars(db, commits, cache),

    ...createSqliteCredentials(db, commits, cache),

    findByEmailHash: (hash) => read(() => byEmailHash.get({ hash })),

    async hashEmails(after, limit) {
      if (!keepEmailHashes) throw new Error('the store was not opened to keep the hashes of emails')
      const page = () => hashesAfter.all({ after: after ?? 0, limit })
      const found = await read(page)
      // Mostly nothing is missing: then nobody waits for a transaction.
      if (found.some(({ emailHash }) => emailHash === null)) await commits.run(() => page().forEach(fillHash))
      return found.at(-1)?.id
    },

    list: (after, limit) => read(() => page.all({ after: after ?? 0, limit })),

    hasSuperuser: () => read(() => superuser.get() !== undefined),

    isEmpty: () => read(() => anyone.get() === undefined)
  }
}
