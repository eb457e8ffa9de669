import type { Clock } from '../clock.ts'
import { errors, type FieldErrors } from '../errors.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import { findPasswordProblems } from '../passwords/password-rules.ts'
import type { Sessions, TokenPair } from '../tokens/sessions.ts'
import { type IdentityField, identityKey, identityKeys } from './identity.ts'
import { describeTaken, explainTaken } from './taken.ts'
import type { ProfileTexts, User } from './user.ts'
import type { UserStore } from './user-store.ts'

/** A sign-up as far as its texts could be judged. */
export interface SignUpDraft {
  /** The valid ones only. */
  texts: Partial<ProfileTexts> & { password?: string }
  /** What is wrong with the others. */
  invalid: FieldErrors
}

export interface SignedIn extends TokenPair {
  user: User
}

export interface Accounts {
  /** @throws `invalid` (400) with every field's sentences */
  signUp(draft: SignUpDraft): Promise<SignedIn>
  /**
   * The same answer in the same time whether the account is unknown, inactive, or the password wrong.
   * Undefined where it fails.
   * @param prefer what the identifier is where it could be both
   */
  signIn(identifier: string, password: string, prefer: IdentityField): Promise<SignedIn | undefined>
}

export function createAccounts({
  users,
  sessions,
  hasher,
  clock
}: {
  users: UserStore
  sessions: Sessions
  hasher: PasswordHasher
  clock: Clock
}): Accounts {
  async function judge({ texts, invalid }: SignUpDraft): Promise<FieldErrors> {
    const problems = { ...invalid, ...describeTaken(await users.findTaken(identityKeys(texts))) }
    const weaknesses = texts.password === undefined ? [] : await findPasswordProblems(texts.password, texts)
    return weaknesses.length > 0 ? { ...problems, password: weaknesses } : problems
  }

  return {
    async signUp(draft) {
      const problems = await judge(draft)
      const { username, email, firstName = '', lastName = '', numberPhone = null, password } = draft.texts
      if (Object.keys(problems).length > 0) throw errors.invalidFields(problems)
      // Whatever is missing has its sentence among the problems.
      if (username === undefined || email === undefined || password === undefined)
        throw errors.invalidFields(problems)
      const passwordHash = await hasher.hash(password)
      const dateJoined = clock.now()
      const created = { username, email, firstName, lastName, numberPhone, passwordHash, dateJoined }
      const user = await users.create(created).catch((error: unknown) => {
        throw explainTaken(error)
      })
      return { ...(await sessions.start(user.id)), user }
    },

    async signIn(identifier, password, prefer) {
      const found = await users.findForSignIn(identityKey(identifier), prefer)
      const matches = found
        ? await hasher.verify(password, found.passwordHash)
        : await hasher.verifyNobody(password)
      if (!found || !matches || !found.user.isActive) return undefined
      const { id } = found.user
      // Both writes share one commit.
      const [user, tokens] = await Promise.all([
        users.recordSignIn(id, { at: clock.now() }),
        sessions.start(id)
      ])
      return user && { ...tokens, user }
    }
  }
}
