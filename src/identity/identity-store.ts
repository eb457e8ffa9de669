import type { User } from '../users/user.ts'
import type { NewUser } from '../users/user-store.ts'

/** Who somebody is elsewhere: unlike a name or an email, the pair is never given to somebody else. */
export interface ExternalIdentity {
  /** The `iss` of tokens, exactly. */
  issuer: string
  /** The `sub` of tokens, exactly: its letter case counts. */
  subject: string
}

/** Which users are whom elsewhere. The same promises on atomicity, durability and errors as `UserStore`. */
export interface IdentityStore {
  find(identity: ExternalIdentity): Promise<User | undefined>

  /**
   * Creates the user of an identity, both or neither; or answers the one that the identity has already. Of calls that race
   * exactly one creates.
   * @throws {IdentityTakenError} where the username or the email is another user's
   */
  provision(identity: ExternalIdentity, user: NewUser): Promise<{ user: User; isNew: boolean }>
}
