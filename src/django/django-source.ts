import type { UserId } from '../users/user.ts'
import type { UserField } from './user-fields.ts'

/** A table or view that the source shows. */
export interface SourceTable {
  /** PostgreSQL's; undefined where the database has none, or where the table is found without naming it. */
  schema: string | undefined
  name: string
  columns: readonly string[]
}

/** The table of users, and which of its columns are whose. */
export interface UserTable extends Omit<SourceTable, 'columns'> {
  /** Our names to theirs. Those that are absent in the source are absent here. */
  columns: { id: string } & Partial<Record<UserField, string>>
}

/**
 * A user as the source has it, with an undefined value for each field without a column. Texts come as text, up to
 * `MAX_TEXT` code points and a few more, so that one too long is known by its length; times as
 * `YYYY-MM-DD HH:MM:SS[.ffffff]` in UTC; truth values as a boolean, as 0 and 1, or as text. But a column can hold anything.
 */
export type SourceUser = { id: UserId } & Record<UserField, unknown>

/** A refresh token that SimpleJWT recorded: never its text. Its times are as in `SourceUser`. */
export interface SourceToken {
  /** Of its row. */
  id: number
  jti: unknown
  userId: number | null
  createdAt: unknown
  expiresAt: unknown
  isBlacklisted: boolean
}

/** What can't be read of the source. The message is for the person who started the import, and holds no password. */
export class SourceError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SourceError'
  }
}

/**
 * Django's database, all of it as it was when it was opened, and never written.
 * Ids are whole numbers from 1 to `MAX_USER_ID`; rows with others show in `listStrangeIds` alone. Lists are pages, ascending
 * by id from after the given one (0 for the first page); an empty page is the end.
 * @throws {SourceError}
 */
export interface DjangoSource {
  listTables(): Promise<SourceTable[]>

  /** How many users there are, whatever their ids. @throws {SourceError} also where ids are not numbers at all */
  countUsers(table: UserTable): Promise<number>

  listUsers(table: UserTable, after: number, limit: number): Promise<SourceUser[]>

  /** The other ids, as text, in a fixed order. */
  listStrangeIds(table: UserTable, skip: number, limit: number): Promise<string[]>

  /** Whether any user has a picture. */
  hasAvatars(table: UserTable): Promise<boolean>

  /** The highest id that a user ever had, deleted ones too, as far as the source knows. 0 for none. */
  lastUserId(table: UserTable): Promise<number>

  /**
   * How many refresh tokens are recorded, and the highest user id among them. Undefined where SimpleJWT's tables are not:
   * they are looked for where the users are.
   */
  countTokens(table: UserTable): Promise<{ count: number; lastUserId: number } | undefined>

  /** Only where there are tokens to count. */
  listTokens(table: UserTable, after: number, limit: number): Promise<SourceToken[]>

  close(): Promise<void>
}
