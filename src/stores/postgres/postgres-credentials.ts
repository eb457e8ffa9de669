import type { User, UserId } from '../../users/user.ts'
import type { PasswordChange, SignIn, UserStore } from '../../users/user-store.ts'
import { sql } from './drizzle.ts'
import type { PostgresDatabase, Run } from './postgres-database.ts'
import { profileColumns, splitRecord } from './profile-columns.ts'
import { sessions, users } from './schema.ts'
import { prepareSql, type Statement, type Values } from './statement.ts'
import { byId, recordById } from './user-statements.ts'

type CredentialMethods = Pick<
  UserStore,
  'findWithPassword' | 'recordSignIn' | 'setPassword' | 'revokeTokens' | 'setActive' | 'setStaff'
>

const placeholder = sql.placeholder

const returned = sql.join(Object.values(profileColumns), sql`, `)
const isThisUser = sql`${users.id} = ${placeholder('id')}`
const isVerified = sql`${users.isActive} and ${users.passwordHash} = ${placeholder('verified')}`

const writeSignIn = prepareSql<User>(
  'sign_in',
  sql`update ${users} set last_login = ${placeholder('at')}, password = ${placeholder('passwordHash')}
    where ${isThisUser} and ${isVerified} returning ${returned}`,
  profileColumns
)

/**
 * A user that is locked before it is written, against new sessions too: those that were begun before are there then, and those
 * that come later wait.
 */
const lockUser = prepareSql<{ id: UserId }>(
  'user_lock',
  sql`select ${users.id} from ${users} where ${isThisUser} for update`,
  { id: users.id }
)

/** Later than the epoch before, also where the clock was set back. */
const moveEpoch = sql`token_epoch = greatest(${placeholder('at')}::bigint, ${users.tokenEpoch} + 1)`

const setHash = sql`password = ${placeholder('passwordHash')}`

const writePassword = prepareSql<User>(
  'password_write',
  sql`update ${users} set ${setHash}, ${moveEpoch} where ${isThisUser} returning ${returned}`,
  profileColumns
)

const replacePassword = prepareSql<User>(
  'password_replace',
  sql`update ${users} set ${setHash}, ${moveEpoch} where ${isThisUser} and ${isVerified} returning ${returned}`,
  profileColumns
)

const revoke = prepareSql<User>(
  'tokens_revoke',
  sql`update ${users} set ${moveEpoch} where ${isThisUser} returning ${returned}`,
  profileColumns
)

const activate = prepareSql<User>(
  'user_activate',
  sql`update ${users} set is_active = true, ${moveEpoch} where ${isThisUser} and not ${users.isActive} returning ${returned}`,
  profileColumns
)

const deactivate = prepareSql<User>(
  'user_deactivate',
  sql`update ${users} set is_active = false, ${moveEpoch} where ${isThisUser} returning ${returned}`,
  profileColumns
)

const writeStaff = prepareSql<User>(
  'user_staff',
  sql`update ${users} set is_staff = ${placeholder('isStaff')} where ${isThisUser} returning ${returned}`,
  profileColumns
)

const endSessions = prepareSql<never>(
  'sessions_end',
  sql`update ${sessions} set ended_at = ${placeholder('at')}
    where ${sessions.userId} = ${placeholder('id')} and ${sessions.endedAt} is null`,
  {}
)

/** The part of the `UserStore` that decides who may come in and do what, and who no longer. */
export function createPostgresCredentials(database: PostgresDatabase): CredentialMethods {
  /** Writes the user and, where that was written, ends all sessions. */
  async function writeAndEnd(run: Run, write: Statement<User>, values: Values): Promise<User | undefined> {
    await run(lockUser, values)
    const [user] = await run(write, values)
    if (user) await run(endSessions, values)
    return user
  }

  const endAccess = (write: Statement<User>, values: Values) =>
    database.transaction((run) => writeAndEnd(run, write, values))

  return {
    async findWithPassword(id) {
      const row = await database.runOne(recordById, { id })
      return row && splitRecord(row)
    },

    recordSignIn: (id, { at, verified, passwordHash = verified }: SignIn) =>
      database.runOne(writeSignIn, { id, at, verified, passwordHash }),

    setPassword: (id, { passwordHash, at, verified }: PasswordChange) =>
      endAccess(verified === undefined ? writePassword : replacePassword, { id, passwordHash, at, verified }),

    revokeTokens: (id, at) => endAccess(revoke, { id, at }),

    setActive: (id, isActive, at) =>
      database.transaction(async (run) => {
        const written = await writeAndEnd(run, isActive ? activate : deactivate, { id, at })
        // Nothing to write where the user is active already.
        return written ?? (await run(byId, { id }))[0]
      }),

    setStaff: (id, isStaff) => database.runOne(writeStaff, { id, isStaff })
  }
}
