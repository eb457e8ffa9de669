import type { IdentityField } from '../users/identity.ts'
import type { User, UserId } from '../users/user.ts'

/** Where a page of users by name goes on: after this name of this user. */
export interface NamedUser {
  /** The identity key that the user was found by. */
  key: string
  user: User
}

/** A session as its user's administrator sees it. Times in epoch milliseconds. */
export interface SessionSummary {
  id: string
  /** Null for sessions that began before this was kept. */
  startedAt: number | null
  /** When its tokens were last refreshed; null for never. */
  lastUsedAt: number | null
  /** When the last of its tokens expires. */
  expiresAt: number
  /** When it was ended; null where it was not. */
  endedAt: number | null
}

/** How much there is. What can't be known, or would take too long to count, is null. */
export interface StorageFigures {
  users: number
  /** Whether `users` is an estimate: counting millions of rows takes seconds. */
  usersEstimated: boolean
  /** Users with a picture of their own. */
  avatars: number | null
  sessions: number | null
  /** Acts in the audit log. */
  acts: number | null
  /** What the rows take, indexes and logs included. */
  databaseBytes: number | null
  /** Room that is left on the database's disk, where it is this machine's. */
  databaseFreeBytes: number | null
}

/** What came of an import of another service's users. */
export interface ImportRecord {
  id: number
  /** When it ended, in epoch milliseconds. */
  at: number
  /** The summary of `import-django`, as its report has it: counts, findings by kind, where from (without a password). */
  summary: Readonly<Record<string, unknown>>
  /** The first findings of each kind, as the report has them. */
  findings: readonly Readonly<Record<string, unknown>>[]
}

/**
 * What administrators look at besides single users. Nothing here takes longer where there are more users: pages begin where the
 * last one ended, by an index. The same promises on errors as `UserStore`.
 */
export interface AdminStore {
  /** Users descending by id from before the given one, the newest first; `limit` at most. */
  newest(before: UserId | undefined, limit: number): Promise<User[]>

  /**
   * Users whose identity key of a kind begins with a text, ascending by that key in the order of UTF-8, from after the given key;
   * `limit` at most. Keys of more than 300 characters may be found only by all of them: databases bound what an index holds.
   * @param prefix a beginning of an identity key (`identityKey`), not empty
   */
  findByPrefix(
    field: IdentityField,
    prefix: string,
    after: string | undefined,
    limit: number
  ): Promise<NamedUser[]>

  /** A user's sessions, those that go on first, then by their end, the last ones first; `limit` at most. */
  sessionsOf(id: UserId, limit: number): Promise<SessionSummary[]>

  figures(): Promise<StorageFigures>

  /** The last imports, newest first; `limit` at most. */
  imports(limit: number): Promise<ImportRecord[]>
}
