import type { ImportRecord } from '../admin/admin-store.ts'
import type { MediaKey } from '../avatars/media-store.ts'
import type { IdentityField } from '../users/identity.ts'
import type { UserId } from '../users/user.ts'
import type { Candidate, UserValues } from './candidate.ts'
import type { Fingerprints } from './fingerprints.ts'

export interface KnownUser {
  /** Undefined where nobody has the id now. */
  values: UserValues | undefined
  /** When the user's tokens were last revoked; 0 for never. */
  tokenEpoch: number
  /** Undefined where the id was never imported. */
  fingerprints: Fingerprints | undefined
}

/** A name that somebody else has. */
export interface TakenName {
  field: IdentityField
  by: UserId
}

export interface UserUpdate {
  changes: Partial<UserValues>
  fingerprints: Fingerprints
  /** Where the user's tokens have to die: when, in epoch milliseconds. */
  revokeAt?: number
}

/** A refresh token, by its id alone. Times in epoch milliseconds. */
export interface ImportedToken {
  jti: string
  userId: UserId
  issuedAt: number | undefined
  expiresAt: number
  isBlacklisted: boolean
}

export type TokenOutcome =
  | 'live'
  /** Kept as ended: blacklisted, or of before its user's tokens were revoked; or known here, and blacklisted since. */
  | 'ended'
  /** It stays as it is. */
  | 'known'
  /** Nobody was imported with that id, or not any more. */
  | 'left_out'

/**
 * Where imported users go: one transaction from `begin` on, seen by nobody until `commit`, and gone without it. Before it,
 * `find` and `claimPicture` alone are for use.
 * Throws `unavailable` (503) where the store can't be reached or somebody else writes for too long, and `storage_full`
 * (507) where it can't grow.
 */
export interface ImportStore {
  /** Nobody else can write from here on. */
  begin(): Promise<void>

  find(ids: readonly UserId[]): Promise<Map<UserId, KnownUser>>

  /** Keeps a new user, unless a name is taken. @returns all that are */
  create(id: UserId, values: UserValues, fingerprints: Fingerprints): Promise<TakenName[]>

  /** Writes what changed of a user who is here, unless a name is taken. @returns all that are */
  update(id: UserId, update: UserUpdate): Promise<TakenName[]>

  /** Lets others have a user's name, until the user is updated with another one, which has to follow. */
  releaseName(id: UserId, field: IdentityField): Promise<void>

  revokeTokens(id: UserId, at: number): Promise<void>

  /** Users who were imported once and are still here, from after one id up to another, ascending. */
  listImported(after: number, upTo: number, limit: number): Promise<UserId[]>

  /** Puts a candidate aside, out of the memory. */
  defer(candidate: Candidate): Promise<void>

  /** Of those that are put aside some, ascending from after an id. */
  listDeferred(after: number, limit: number): Promise<Candidate[]>

  /** Takes a candidate from those that are put aside. */
  resume(id: UserId): Promise<void>

  addToken(token: ImportedToken, at: number): Promise<TokenOutcome>

  /** Ids up to this one are never given to new users. */
  reserveIds(upTo: number): Promise<void>

  /** Whether a picture is asked for the first time in this import. */
  claimPicture(key: MediaKey): Promise<boolean>

  /** Keeps what came of the import, for administrators, and forgets all but the last twenty imports. */
  record(record: Omit<ImportRecord, 'id'>): Promise<void>

  /** Makes all of it durable. */
  commit(): Promise<void>

  /** Takes back what was not committed; safe to repeat. */
  close(): Promise<void>
}
