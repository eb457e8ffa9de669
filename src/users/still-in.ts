import { errors } from '../errors.ts'
import type { User } from './user.ts'

/**
 * Who may have been put out since a request of theirs came in is refused as if they came now.
 * @param now the user as they are
 * @param then as they were when the request was authenticated
 * @throws `user_inactive`, `token_not_valid` (401)
 */
export function requireStillIn(now: User, { tokenEpoch }: User): void {
  if (!now.isActive) throw errors.userInactive()
  if (now.tokenEpoch !== tokenEpoch) throw errors.accessTokenNotValid('Token is invalid or expired')
}
