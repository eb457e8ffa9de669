import type { User } from '../../users/user.ts'
import type { SignInRecord } from '../../users/user-store.ts'
import { users } from './schema.ts'

/** What a `User` is made of: the row without its keys and its password. */
export const profileColumns = {
  id: users.id,
  username: users.username,
  email: users.email,
  firstName: users.firstName,
  lastName: users.lastName,
  numberPhone: users.numberPhone,
  avatar: users.avatar,
  dateJoined: users.dateJoined,
  lastLogin: users.lastLogin,
  isActive: users.isActive,
  isStaff: users.isStaff,
  isSuperuser: users.isSuperuser,
  tokenEpoch: users.tokenEpoch,
  extra: users.extra
}

/** The same with the hash of the password. */
export const recordColumns = { ...profileColumns, passwordHash: users.passwordHash }

/** A row of those columns. */
export type UserRecord = User & { passwordHash: string }

export function splitRecord({ passwordHash, ...user }: UserRecord): SignInRecord {
  return { user, passwordHash }
}
