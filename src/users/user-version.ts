import { hash } from 'node:crypto'
import type { User } from './user.ts'

/** Of a hash of 256 bits as many as no two states of one user will ever share: 132. */
const LENGTH = 22

/**
 * What of a user answers show, in short: another text as soon as a value is another one, and the same for the same values,
 * whichever store or node read them. Letters, digits, `-` and `_`.
 */
export const userVersion = (user: User): string =>
  hash(
    'sha256',
    // Written out: nothing depends on the order in which a store made the object.
    JSON.stringify([
      user.id,
      user.username,
      user.email,
      user.firstName,
      user.lastName,
      user.numberPhone,
      user.avatar,
      user.dateJoined,
      user.lastLogin,
      user.isActive,
      user.isStaff,
      user.isSuperuser,
      user.extra
    ]),
    'base64url'
  ).slice(0, LENGTH)

const known = new WeakMap<User, string>()

/** The same, made once for each object: for those that a store answers again and again. */
export function rememberedVersion(user: User): string {
  const there = known.get(user)
  if (there !== undefined) return there
  const version = userVersion(user)
  known.set(user, version)
  return version
}
