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
