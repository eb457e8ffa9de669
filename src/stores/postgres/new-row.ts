import { emailHash } from '../../users/email-hash.ts'
import { identityKeys } from '../../users/identity.ts'
import type { NewUser } from '../../users/user-store.ts'
import { writeExtra } from '../extra-text.ts'
import { sql } from './drizzle.ts'
import type { Values } from './statement.ts'
import { keyColumns } from './taken-names.ts'

const placeholder = sql.placeholder

export interface UserStoreOptions {
  /** Whether the hashes of emails are kept, by which avatars are looked up. */
  keepEmailHashes: boolean
}

/** The columns that follow from an email. */
export const hashColumn = ({ email }: { email?: string }, keepEmailHashes: boolean) =>
  email === undefined ? {} : { emailHash: keepEmailHashes ? emailHash(email) : null }

/** What a new row is made of, as placeholders. */
export const newRow = {
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
}

/** The values of a new row. */
export const newValues = (user: NewUser, keepEmailHashes: boolean): Values => ({
  isStaff: false,
  isSuperuser: false,
  ...user,
  ...keyColumns(identityKeys(user)),
  ...hashColumn(user, keepEmailHashes),
  extra: user.extra ? writeExtra(user.extra) : null
})
