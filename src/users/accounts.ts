import type { Clock } from '../clock.ts'
import { errors, ServiceError } from '../errors.ts'
import { describeHash } from '../passwords/django-hashes.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import type { Sessions, TokenPair } from '../tokens/sessions.ts'
import { type IdentityField, identityKey } from './identity.ts'
import { createRegistration, type SignUpDraft } from './registration.ts'
import type { SignInThrottle } from './sign-in-throttle.ts'
import type { User } from './user.ts'
import type { UserEvents } from './user-events.ts'
import type { UserStore } from './user-store.ts'

export interface SignedIn extends TokenPair {
  user: User
}

/** What proves who somebody is, and where from. */
export interface Credentials {
  /** An email or a username. */
  identifier: string
  password: string
  /** What the identifier is where it could be both. */
  prefer: IdentityField
  /** The client's address, to count failures by. */
  address: string
}

export interface Accounts {
  /** @throws `invalid` (400) with every field's sentences */
  signUp(draft: SignUpDraft): Promise<SignedIn>
  /**
   * The same answer in the same time whether the account is unknown, inactive, or the password wrong.
   * Undefined where it fails. A password whose hash is of another kind than ours gets a new one.
   * @throws `unavailable` (503) where the account changes again and again meanwhile
   * @throws `throttled` (429) where too many of the account or the address failed lately
   */
  signIn(credentials: Credentials): Promise<SignedIn | undefined>
}

/** Another sign-in that makes the same hash anew costs a second try. A third takes a change of the password besides. */
const MAX_TRIES = 3

export function createAccounts({
  users,
  sessions,
  hasher,
  throttle,
  clock,
  events
}: {
  users: UserStore
  sessions: Sessions
  hasher: PasswordHasher
  throttle: SignInThrottle
  clock: Clock
  events: UserEvents
}): Accounts {
  const registration = createRegistration({ users, hasher, clock })

  /** The active user whose password it is. */
  async function check(key: string, password: string, prefer: IdentityField) {
    const found = await users.findForSignIn(key, prefer)
    // A hash that nothing matches would answer at once, and so tell that there is an account.
    const hash = found && describeHash(found.passwordHash).usable ? found.passwordHash : undefined
    const matches =
      hash === undefined ? await hasher.verifyNobody(password) : await hasher.verify(password, hash)
    if (found && matches && found.user.isActive) return found
    await hasher.evenOut(hash)
    return undefined
  }

  /** A password that matched a hash of another kind gets one of ours; where hashing is too busy, the next time. */
  async function renewHash(password: string, verified: string): Promise<{ passwordHash?: string }> {
    if (!hasher.needsRehash(verified)) return {}
    try {
      return { passwordHash: await hasher.hash(password) }
    } catch (error) {
      if (error instanceof ServiceError) return {}
      throw error
    }
  }

  /**
   * `outdated` where by the time of the commit the user has another hash than the password matched, or is at another epoch
   * than the tokens: it was changed or made anew meanwhile, or all tokens were revoked.
   */
  async function trySignIn(
    key: string,
    password: string,
    prefer: IdentityField
  ): Promise<SignedIn | 'outdated' | undefined> {
    const found = await check(key, password, prefer)
    if (!found) return undefined
    const renewed = await renewHash(password, found.passwordHash)
    const signIn = { at: clock.now(), verified: found.passwordHash, ...renewed }
    // At once, so that both writes can share a commit. The tokens of a sign-in that turns out outdated are answered to nobody.
    const [user, tokens] = await Promise.all([
      users.recordSignIn(found.user.id, signIn),
      sessions.start(found.user)
    ])
    return user?.tokenEpoch === found.user.tokenEpoch ? { ...tokens, user } : 'outdated'
  }

  /** Of an account that nobody gets tokens of, nothing is kept: its owner is refused, and comes again. */
  async function startOrForget(user: User): Promise<TokenPair> {
    try {
      return await sessions.start(user)
    } catch (error) {
      // Where the store can't do that either, the account stays, and its owner signs in.
      await users.delete(user.id).catch(() => {})
      throw error
    }
  }

  return {
    async signUp(draft) {
      const user = await registration.register(draft)
      const tokens = await startOrForget(user)
      await events.signedUp(user)
      return { ...tokens, user }
    },

    signIn({ identifier, password, prefer, address }) {
      const key = identityKey(identifier)
      return throttle.guard({ account: `name:${key}`, address }, async () => {
        for (let tries = 0; tries < MAX_TRIES; tries++) {
          const outcome = await trySignIn(key, password, prefer)
          if (outcome !== 'outdated') return outcome
        }
        throw errors.unavailable()
      })
    }
  }
}
