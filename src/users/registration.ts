import type { Clock } from '../clock.ts'
import { errors, type FieldErrors } from '../errors.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import { findPasswordProblems } from '../passwords/password-rules.ts'
import { makeUnusableHash } from '../passwords/unusable-hash.ts'
import { identityKeys } from './identity.ts'
import { describeTaken, explainTaken } from './taken.ts'
import type { ProfileExtra, ProfileTexts, User } from './user.ts'
import type { UserStore } from './user-store.ts'

/** A new account as far as its texts could be judged. */
export interface SignUpDraft {
  /** The valid ones only. */
  texts: Partial<ProfileTexts> & { password?: string }
  /** The valid ones of the host's fields, where there are any. */
  extra?: ProfileExtra | undefined
  /** What is wrong with the others. */
  invalid: FieldErrors
}

/** What nobody can ask for by a request. All are false by default. */
export interface Privileges {
  isStaff?: boolean
  isSuperuser?: boolean
  /** Whether the account may have no password, so that nobody signs in by one. */
  mayLackPassword?: boolean
}

/** How accounts come to be, whoever asks for them. */
export interface Registration {
  /** All that is wrong with a draft. Of names that race only `register` is sure. */
  findProblems(draft: SignUpDraft): Promise<FieldErrors>
  /** @throws `invalid` (400) with every field's sentences */
  register(draft: SignUpDraft, privileges?: Privileges): Promise<User>
}

export function createRegistration({
  users,
  hasher,
  clock
}: {
  users: UserStore
  hasher: PasswordHasher
  clock: Clock
}): Registration {
  async function findProblems({ texts, invalid }: SignUpDraft): Promise<FieldErrors> {
    const problems = { ...invalid, ...describeTaken(await users.findTaken(identityKeys(texts))) }
    const weaknesses = texts.password === undefined ? [] : await findPasswordProblems(texts.password, texts)
    return weaknesses.length > 0 ? { ...problems, password: weaknesses } : problems
  }

  return {
    findProblems,

    async register(draft, { mayLackPassword = false, ...privileges } = {}) {
      const problems = await findProblems(draft)
      const { username, email, firstName = '', lastName = '', numberPhone = null, password } = draft.texts
      const isComplete = password !== undefined || mayLackPassword
      // Whatever is missing has its sentence among the problems.
      if (Object.keys(problems).length > 0 || username === undefined || email === undefined || !isComplete)
        throw errors.invalidFields(problems)
      const passwordHash = password === undefined ? makeUnusableHash() : await hasher.hash(password)
      const texts = { username, email, firstName, lastName, numberPhone }
      const extra = draft.extra && { extra: draft.extra }
      const created = { ...texts, ...extra, passwordHash, dateJoined: clock.now(), ...privileges }
      return users.create(created).catch((error: unknown) => {
        throw explainTaken(error)
      })
    }
  }
}
