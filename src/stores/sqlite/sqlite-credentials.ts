import type { User, UserId } from '../../users/user.ts'
import type { PasswordChange, SignIn, SignInRecord, UserStore } from '../../users/user-store.ts'
import { and, eq, isNull, sql } from './drizzle.ts'
import type { GroupCommit } from './group-commit.ts'
import { prepareWrite } from './prepare-write.ts'
import { profileColumns } from './profile-columns.ts'
import { sessions, users } from './schema.ts'
import type { SqliteDatabase } from './sqlite-database.ts'
import { read } from './sqlite-errors.ts'
import type { UserCache } from './user-cache.ts'

type CredentialMethods = Pick<
  UserStore,
  'findWithPassword' | 'recordSignIn' | 'setPassword' | 'revokeTokens' | 'setActive' | 'setStaff'
>

const placeholder = sql.placeholder

/** A full disk keeps nobody's stolen session alive. */
const ENDS_ACCESS = { frees: true }

/** The part of the `UserStore` that decides who may come in and do what, and who no longer. */
export function createSqliteCredentials(
  db: SqliteDatabase,
  commits: GroupCommit,
  cache: UserCache
): CredentialMethods {
  const byId = db
    .select({ ...profileColumns, passwordHash: users.passwordHash })
    .from(users)
    .where(eq(users.id, placeholder('id')))
    .prepare()
  const prepareUpdate = (
    ...columns: ('lastLogin' | 'passwordHash' | 'tokenEpoch' | 'isActive' | 'isStaff')[]
  ) =>
    prepareWrite(
      db,
      db
        .update(users)
        .set(Object.fromEntries(columns.map((column) => [column, sql`${placeholder(column)}`])))
        .where(eq(users.id, placeholder('id')))
    )
  const writeSignIn = prepareUpdate('lastLogin', 'passwordHash')
  const writePassword = prepareUpdate('passwordHash')
  const writeEpoch = prepareUpdate('tokenEpoch')
  const writeActive = prepareUpdate('isActive')
  const writeStaff = prepareUpdate('isStaff')
  const endSessions = prepareWrite(
    db,
    db
      .update(sessions)
      .set({ endedAt: sql`${placeholder('at')}` })
      .where(and(eq(sessions.userId, placeholder('id')), isNull(sessions.endedAt)))
  )

  function find(id: UserId) {
    const row = byId.get({ id })
    if (!row) return undefined
    const { passwordHash, ...user } = row
    return { user, passwordHash }
  }

  /** Whether it is still the active user whose password matched this hash. */
  const isVerified = ({ user, passwordHash }: SignInRecord, hash: string) =>
    user.isActive && passwordHash === hash

  /** Moves the user's epoch on, and ends all sessions. */
  function revoke(user: User, at: number): User {
    // Later than the one before, also where the clock was set back.
    const tokenEpoch = Math.max(at, user.tokenEpoch + 1)
    writeEpoch({ id: user.id, tokenEpoch })
    endSessions({ id: user.id, at })
    cache.delete(user.id)
    return { ...user, tokenEpoch }
  }

  return {
    findWithPassword: (id) => read(() => find(id)),

    recordSignIn: (id, { at, verified, passwordHash = verified }: SignIn) =>
      commits.runStatement(() => {
        const found = find(id)
        if (!found || !isVerified(found, verified)) return undefined
        writeSignIn({ id, lastLogin: at, passwordHash })
        const user = { ...found.user, lastLogin: at }
        cache.set(user)
        return user
      }),

    setPassword: (id, { passwordHash, at, verified }: PasswordChange) =>
      commits.run(() => {
        const found = find(id)
        if (!found || (verified !== undefined && !isVerified(found, verified))) return undefined
        writePassword({ id, passwordHash })
        return revoke(found.user, at)
      }, ENDS_ACCESS),

    revokeTokens: (id, at) =>
      commits.run(() => {
        const found = find(id)
        return found && revoke(found.user, at)
      }, ENDS_ACCESS),

    setActive: (id, isActive, at) =>
      commits.run(() => {
        const found = find(id)
        if (!found) return undefined
        if (isActive && found.user.isActive) return found.user
        writeActive({ id, isActive: Number(isActive) })
        // Also where the user becomes active: somebody else may have written the opposite, and nothing about tokens.
        return revoke({ ...found.user, isActive }, at)
      }, ENDS_ACCESS),

    setStaff: (id, isStaff) =>
      commits.runStatement(
        () => {
          const found = find(id)
          if (!found) return undefined
          writeStaff({ id, isStaff: Number(isStaff) })
          const user = { ...found.user, isStaff }
          cache.set(user)
          return user
        },
        { frees: !isStaff }
      )
  }
}
