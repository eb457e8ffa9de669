import type { MediaKey } from '../avatars/media-store.ts'
import type { IdentityField, IdentityKeys } from './identity.ts'
import type { ProfileExtra, ProfileTexts, User, UserId } from './user.ts'

/** `passwordHash` as `src/passwords/password-hasher.ts` encodes it; `dateJoined` in epoch milliseconds. */
export interface NewUser extends ProfileTexts {
  passwordHash: string
  dateJoined: number
  /** @default false */
  isStaff?: boolean
  /** @default false */
  isSuperuser?: boolean
  extra?: ProfileExtra
}

/** Absent fields stay as they are; `avatar: null` takes the avatar away. */
export interface UserChanges extends Partial<ProfileTexts> {
  avatar?: MediaKey | null
  /** The given ones of the host's fields; the others stay. */
  extra?: ProfileExtra
}

export interface SignInRecord {
  user: User
  passwordHash: string
}

export interface SignIn {
  /** Epoch milliseconds. */
  at: number
  /** The hash that the password matched. */
  verified: string
  /** The same password's hash to keep from now on, where it is to be another one. */
  passwordHash?: string
}

export interface PasswordChange {
  passwordHash: string
  /** Epoch milliseconds. */
  at: number
  /** The hash that the current password matched; absent where it was not asked for. */
  verified?: string
}

/** A username or an email belongs to somebody else; nothing was written. */
export class IdentityTakenError extends Error {
  /** All that are taken, not just the first one found. */
  readonly fields: readonly IdentityField[]

  constructor(fields: readonly IdentityField[]) {
    super(`taken: ${fields.join(', ')}`)
    this.name = 'IdentityTakenError'
    this.fields = fields
  }
}

/**
 * Users, kept durably. Each method is one atomic unit: it happens whole or not at all, its promise resolves
 * only after it would survive a crash, and it sees all units that had ended when it was begun; of those that are under way at
 * once any may come first.
 * Uniqueness is decided by the store at the write, so of two that race exactly one succeeds.
 *
 * Every method throws `unavailable` (503) where the store can't be reached, and `storage_full` (507) where
 * it can't grow. Nothing was written then, unless the disk failed in the very commit: after that nobody knows.
 */
export interface UserStore {
  /** @throws {IdentityTakenError} */
  create(user: NewUser): Promise<User>

  findById(id: UserId): Promise<User | undefined>

  /**
   * The user to sign in by an email or a username, given as its identity key. Where the key is one user's
   * email and another's username, `prefer` decides.
   */
  findForSignIn(key: string, prefer: IdentityField): Promise<SignInRecord | undefined>

  /** The user to check a password of. */
  findWithPassword(id: UserId): Promise<SignInRecord | undefined>

  /** Which of the keys belong to users other than `except`. An answer for people: only a write decides. */
  findTaken(keys: IdentityKeys, except?: UserId): Promise<IdentityField[]>

  /**
   * Writes the given fields and answers the user as it is then, and as it was right before.
   * Undefined where there is no such user.
   * @throws {IdentityTakenError}
   */
  update(id: UserId, changes: UserChanges): Promise<{ before: User; user: User } | undefined>

  /**
   * The same where the user is still in one of these states, as `userVersion` names them: that is decided by the unit that
   * writes, so of two updates that are based on one state and differ from it exactly one is written. `changed` where the user is in another,
   * and nothing is written.
   * @param changes at least one
   * @throws {IdentityTakenError}
   */
  updateIf(
    id: UserId,
    versions: readonly string[],
    changes: UserChanges
  ): Promise<{ before: User; user: User } | 'changed' | undefined>

  /**
   * Sets `lastLogin` and, where given, the password hash. Undefined, and nothing is written, where the user is gone or
   * inactive, or has another hash than the one that was verified: the password was changed meanwhile.
   */
  recordSignIn(id: UserId, signIn: SignIn): Promise<User | undefined>

  /**
   * Sets the password and revokes all tokens. Undefined, and nothing is written, where there is no such user, or a hash was
   * verified and the user is inactive or has another one.
   */
  setPassword(id: UserId, change: PasswordChange): Promise<User | undefined>

  /** Moves `tokenEpoch` on and ends all sessions. Undefined where there is no such user. */
  revokeTokens(id: UserId, at: number): Promise<User | undefined>

  /**
   * Whether the user may come in. Who may not has no live tokens left either, and who may again has none yet. Undefined where
   * there is no such user.
   */
  setActive(id: UserId, isActive: boolean, at: number): Promise<User | undefined>

  /** Whether the user may administer others. Undefined where there is no such user. */
  setStaff(id: UserId, isStaff: boolean): Promise<User | undefined>

  /** Users ascending by id from after the given one, `limit` at most. */
  list(after: UserId | undefined, limit: number): Promise<User[]>

  hasSuperuser(): Promise<boolean>

  /**
   * Deletes the user with all sessions, and with what an audit log in the same database knows of their values. Undefined where
   * there is none; safe to repeat.
   */
  delete(id: UserId): Promise<{ avatar: MediaKey | null } | undefined>

  /**
   * Takes the avatar away, but only where it still is that one.
   * @returns whether it was
   */
  removeAvatar(id: UserId, avatar: MediaKey): Promise<boolean>

  /** Users who have an avatar, ascending by id from after the given one, `limit` at most. */
  listAvatars(after: UserId | undefined, limit: number): Promise<{ id: UserId; avatar: MediaKey }[]>

  /** Those of the keys that some user's avatar refers to. */
  findReferencedMedia(keys: readonly MediaKey[]): Promise<Set<MediaKey>>

  /**
   * The user of an email by its hash (`email-hash.ts`), where the store was opened to keep hashes and has one for every
   * user: those of users that came without are filled in by `hashEmails`.
   */
  findByEmailHash(hash: string): Promise<User | undefined>

  /**
   * Fills in missing hashes of some users, ascending by id from after the given one.
   * @param limit how many users are looked at
   * @returns the last one that was looked at; undefined where there are no more
   * @throws where the store was not opened to keep hashes
   */
  hashEmails(after: UserId | undefined, limit: number): Promise<UserId | undefined>

  isEmpty(): Promise<boolean>

  /**
   * Whether it is this caller's turn to do what one of all nodes does, once in so long by the server's clock. A turn that was taken
   * is over whatever becomes of the work. Stores that one node has alone are without it: there each turn is that node's.
   */
  takeTurn?(task: string, everyMs: number): Promise<boolean>
}

/** The part of a `UserStore` that profiles need, without accounts that sign in here. */
export type ProfileStore = Pick<
  UserStore,
  | 'findById'
  | 'findTaken'
  | 'update'
  | 'updateIf'
  | 'delete'
  | 'findReferencedMedia'
  | 'findByEmailHash'
  | 'hashEmails'
  | 'takeTurn'
>
