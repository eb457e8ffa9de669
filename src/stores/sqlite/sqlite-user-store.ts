import { identityKeys } from '../../users/identity.ts'
import type { User, UserId } from '../../users/user.ts'
import type { NewUser, UserChanges, UserStore } from '../../users/user-store.ts'
import { userVersion } from '../../users/user-version.ts'
import { writeExtra } from '../extra-text.ts'
import { eq, gt, sql } from './drizzle.ts'
import { prepareForget } from './forget-acts.ts'
import type { GroupCommit } from './group-commit.ts'
import { hashColumn, prepareInsertUser } from './insert-user.ts'
import { prepareWrite, type Write } from './prepare-write.ts'
import { profileColumns } from './profile-columns.ts'
import { users } from './schema.ts'
import { createSqliteAvatars } from './sqlite-avatars.ts'
import { createSqliteCredentials } from './sqlite-credentials.ts'
import type { SqliteDatabase } from './sqlite-database.ts'
import { read } from './sqlite-errors.ts'
import { createTakenNames } from './taken-names.ts'
import type { UserCache } from './user-cache.ts'

const placeholder = sql.placeholder

const FREES = { frees: true }

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
  const names = createTakenNames(db)
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
  const insert = prepareInsertUser(db, names, keepEmailHashes)
  const remove = db
    .delete(users)
    .where(eq(users.id, placeholder('id')))
    .returning({ avatar: users.avatar })
    .prepare()
  const forget = prepareForget(db)
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

  function fillHash({ id, email, emailHash }: { id: UserId; email: string; emailHash: string | null }): void {
    if (emailHash === null) runUpdate(id, hashColumn({ email }, keepEmailHashes))
  }

  function load(id: UserId): User | undefined {
    const user = byId.get({ id })
    if (user) cache.set(user)
    return user
  }

  /** @param judge answers what there is instead of the update; undefined where nothing is in its way */
  function update<Refusal = never>(
    id: UserId,
    { extra, ...changes }: UserChanges,
    judge?: (before: User) => Refusal | undefined
  ): Promise<{ before: User; user: User } | Refusal | undefined> {
    const keys = identityKeys(changes)
    const values = { ...changes, ...keys, ...hashColumn(changes, keepEmailHashes) }
    return commits.runStatement(
      () => {
        const before = cache.getWithin(id) ?? load(id)
        if (!before) return undefined
        const refusal = judge?.(before)
        if (refusal !== undefined) return refusal
        const merged = extra && { ...before.extra, ...extra }
        const written = merged ? { ...values, extra: writeExtra(merged) } : values
        names.guard(keys, id, () => runUpdate(id, written))
        const user = { ...before, ...changes, ...(merged && { extra: merged }) }
        cache.set(user)
        return { before, user }
      },
      { frees: Object.keys(values).length === 1 && changes.avatar === null && !extra }
    )
  }

  return {
    create: (user: NewUser) => commits.runStatement(() => insert(user)),

    findById: (id) => read(() => cache.get(id) ?? load(id)),

    findForSignIn: (key, prefer) =>
      read(() => {
        const other = prefer === 'email' ? 'username' : 'email'
        const row = byIdentity[prefer].get({ key }) ?? byIdentity[other].get({ key })
        if (!row) return undefined
        const { passwordHash, ...user } = row
        return { user, passwordHash }
      }),

    findTaken: (keys, except) => read(() => names.findTaken(keys, except)),

    update: (id, changes) => update(id, changes),

    updateIf: (id, versions, changes) =>
      update(id, changes, (before) => (versions.includes(userVersion(before)) ? undefined : 'changed')),

    delete: (id) =>
      commits.run(() => {
        const deleted = remove.get({ id })
        cache.delete(id)
        if (deleted) forget({ target: id })
        return deleted
      }, FREES),

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
