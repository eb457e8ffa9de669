import type { Clock } from '../clock.ts'
import { errors, type FieldErrors } from '../errors.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import { findPasswordProblems } from '../passwords/password-rules.ts'
import type { Sessions, TokenPair } from '../tokens/sessions.ts'
import type { SignInThrottle } from './sign-in-throttle.ts'
import type { User } from './user.ts'
import type { UserStore } from './user-store.ts'

/** A change of the password as far as its texts could be judged. */
export interface PasswordDraft {
  /** The valid ones only. */
  passwords: { current?: string; next?: string }
  /** What is wrong with the others. */
  invalid: FieldErrors
}

/** What users decide about the ways into their own account. */
export interface OwnAccess {
  /**
   * Sets a new password. All tokens and sessions end with it, and one new session begins.
   * @param address the client's, to count failures by
   * @throws `invalid` (400) with every field's sentences
   * @throws `user_not_found`, `user_inactive` (401) where the user is so by now
   * @throws `throttled` (429) where the current password was wrong too often lately
   */
  changePassword(user: User, draft: PasswordDraft, address: string): Promise<TokenPair>
  /** Ends all sessions; access tokens are dead too. @throws `user_not_found` (401) */
  signOutEverywhere(user: User): Promise<void>
}

/** Django's sentence, of its PasswordChangeForm. */
const WRONG_PASSWORD = 'Your old password was entered incorrectly. Please enter it again.'

export function createOwnAccess({
  users,
  sessions,
  hasher,
  throttle,
  clock
}: {
  users: UserStore
  sessions: Sessions
  hasher: PasswordHasher
  throttle: SignInThrottle
  clock: Clock
}): OwnAccess {
  /** The hash that the current password matches. */
  async function verifyCurrent(user: User, password: string, address: string): Promise<string | undefined> {
    return throttle.guard({ account: `id:${user.id}`, address }, async () => {
      const found = await users.findWithPassword(user.id)
      if (!found) throw errors.userNotFound()
      if (!found.user.isActive) throw errors.userInactive()
      return (await hasher.verify(password, found.passwordHash)) ? found.passwordHash : undefined
    })
  }

  return {
    async changePassword(user, { passwords: { current, next }, invalid }, address) {
      const problems = { ...invalid }
      const verified = current === undefined ? undefined : await verifyCurrent(user, current, address)
      if (current !== undefined && verified === undefined) problems.current_password = [WRONG_PASSWORD]
      const weaknesses = next === undefined ? [] : await findPasswordProblems(next, user)
      if (weaknesses.length > 0) problems.new_password = weaknesses
      const isWhole = current !== undefined && verified !== undefined && next !== undefined
      if (!isWhole || Object.keys(problems).length > 0) throw errors.invalidFields(problems)
      const passwordHash = await hasher.hash(next)
      const replace = (old: string) =>
        users.setPassword(user.id, { passwordHash, at: clock.now(), verified: old })
      let changed = await replace(verified)
      if (!changed) {
        // Either somebody changed the password meanwhile, or a sign-in made the same one's hash anew.
        const renewed = await verifyCurrent(user, current, address)
        changed = renewed === undefined ? undefined : await replace(renewed)
      }
      if (!changed) throw errors.invalidFields({ current_password: [WRONG_PASSWORD] })
      return sessions.start(changed)
    },

    async signOutEverywhere({ id }) {
      if (!(await users.revokeTokens(id, clock.now()))) throw errors.userNotFound()
    }
  }
}
