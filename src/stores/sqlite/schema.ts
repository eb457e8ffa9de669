import type { Action, Outcome } from '../../admin/audit-log.ts'
import type { MediaKey } from '../../avatars/media-store.ts'
import type { UserId } from '../../users/user.ts'
import { blob, index, integer, primaryKey, sql, sqliteTable, text } from './drizzle.ts'
import { changesColumn, extraColumn, objectColumn, objectsColumn } from './json-columns.ts'

/** Columns carry Django's names. Times are milliseconds since the Unix epoch. */
export const users = sqliteTable(
  'users',
  {
    // AUTOINCREMENT: a deleted user's id, and so the tokens that name it, never come back to life.
    id: integer('id').primaryKey({ autoIncrement: true }).$type<UserId>(),
    username: text('username').notNull(),
    usernameKey: text('username_key').notNull().unique(),
    email: text('email').notNull(),
    emailKey: text('email_key').notNull().unique(),
    /** Written only while avatars are looked up by it; a change of the email at another time makes it null. */
    emailHash: text('email_hash'),
    firstName: text('first_name').notNull().default(''),
    lastName: text('last_name').notNull().default(''),
    numberPhone: text('number_phone'),
    avatar: text('avatar').$type<MediaKey>(),
    passwordHash: text('password').notNull(),
    isActive: integer('is_active', { mode: 'boolean' }).notNull().default(true),
    isStaff: integer('is_staff', { mode: 'boolean' }).notNull().default(false),
    isSuperuser: integer('is_superuser', { mode: 'boolean' }).notNull().default(false),
    dateJoined: integer('date_joined').notNull(),
    lastLogin: integer('last_login'),
    /** When all of the user's tokens were last revoked; 0 for never. Only ever grows. */
    tokenEpoch: integer('token_epoch').notNull().default(0),
    /** What a host app adds to profiles, as a JSON object; null for none. */
    extra: extraColumn('extra')
  },
  (table) => [
    index('users_avatar').on(table.avatar).where(sql`${table.avatar} is not null`),
    index('users_email_hash').on(table.emailHash).where(sql`${table.emailHash} is not null`)
  ]
)

/**
 * Users as another database had them when they were last imported, so that the next import tells what changed there from
 * what changed here. A row outlives its user: who was deleted here is not imported again.
 */
export const importedUsers = sqliteTable('imported_users', {
  id: integer('id').primaryKey().$type<UserId>(),
  /** One short hash for each field. */
  fingerprints: blob('fingerprints', { mode: 'buffer' }).notNull()
})

/** Who users are elsewhere: the `iss` and `sub` of an identity provider's tokens (OpenID Connect Core 1.0, 2). */
export const userIdentities = sqliteTable(
  'user_identities',
  {
    issuer: text('issuer').notNull(),
    subject: text('subject').notNull(),
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' })
      .$type<UserId>()
  },
  (table) => [
    primaryKey({ columns: [table.issuer, table.subject] }),
    index('user_identities_user').on(table.userId)
  ]
)

/** The family of refresh tokens that grew from one sign-in. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: text('id').primaryKey(),
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** When the last of its tokens expires. */
    expiresAt: integer('expires_at').notNull(),
    endedAt: integer('ended_at'),
    /** Null in rows of before there was this column. */
    startedAt: integer('started_at')
  },
  (table) => [index('sessions_user').on(table.userId), index('sessions_expiry').on(table.expiresAt)]
)

export const refreshTokens = sqliteTable(
  'refresh_tokens',
  {
    jti: text('jti').primaryKey(),
    sessionId: text('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    usedAt: integer('used_at'),
    /** Null in rows of before there was this column: they go with their session. */
    expiresAt: integer('expires_at')
  },
  (table) => [index('refresh_tokens_session').on(table.sessionId)]
)

/** What administrators did. Rows outlive those whom they name. */
export const auditLog = sqliteTable(
  'audit_log',
  {
    id: integer('id').primaryKey(),
    at: integer('at').notNull(),
    actorId: integer('actor_id').notNull().$type<UserId>(),
    actorUsername: text('actor_username').notNull(),
    targetId: integer('target_id').notNull().$type<UserId>(),
    targetUsername: text('target_username').notNull(),
    action: text('action').notNull().$type<Action>(),
    address: text('address').notNull(),
    outcome: text('outcome').notNull().$type<Outcome>(),
    changes: changesColumn('changes')
  },
  // Within a target, its entries are in the order of the ids.
  (table) => [index('audit_log_target').on(table.targetId)]
)

/** The last imports of another service's users. */
export const imports = sqliteTable('imports', {
  id: integer('id').primaryKey(),
  at: integer('at').notNull(),
  summary: objectColumn('summary').notNull(),
  findings: objectsColumn('findings').notNull()
})
