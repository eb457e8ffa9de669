import type { Action, Outcome } from '../../admin/audit-log.ts'
import type { MediaKey } from '../../avatars/media-store.ts'
import type { UserId } from '../../users/user.ts'
import {
  bigint,
  boolean,
  customType,
  index,
  integer,
  pgTable,
  primaryKey,
  sql,
  text,
  uuid
} from './drizzle.ts'
import { changesColumn, extraColumn, objectColumn, objectsColumn } from './json-columns.ts'

/** Milliseconds since the Unix epoch. */
const time = (name: string) => bigint(name, { mode: 'number' })

/**
 * A text that is found by an index. Its order is that of its bytes: faster, and the index outlives a new version of the
 * system's collations.
 */
const key = customType<{ data: string }>({ dataType: () => 'text collate "C"' })

const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** Columns carry Django's names, and mean what they do in SQLite. */
export const users = pgTable(
  'users',
  {
    // A sequence gives no id twice: a deleted user's id, and so the tokens that name it, never come back to life.
    id: bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity().$type<UserId>(),
    username: text('username').notNull(),
    usernameKey: key('username_key').notNull().unique(),
    email: text('email').notNull(),
    emailKey: key('email_key').notNull().unique(),
    /** Written only while avatars are looked up by it; a change of the email at another time makes it null. */
    emailHash: key('email_hash'),
    firstName: text('first_name').notNull().default(''),
    lastName: text('last_name').notNull().default(''),
    numberPhone: text('number_phone'),
    avatar: key('avatar').$type<MediaKey>(),
    passwordHash: text('password').notNull(),
    isActive: boolean('is_active').notNull().default(true),
    isStaff: boolean('is_staff').notNull().default(false),
    isSuperuser: boolean('is_superuser').notNull().default(false),
    dateJoined: time('date_joined').notNull(),
    lastLogin: time('last_login'),
    /** When all of the user's tokens were last revoked; 0 for never. Only ever grows. */
    tokenEpoch: time('token_epoch').notNull().default(0),
    /** What a host app adds to profiles, as the text of a JSON object: `jsonb` refuses U+0000. Null for none. */
    extra: extraColumn('extra')
  },
  (table) => [
    index('users_avatar').on(table.avatar).where(sql`${table.avatar} is not null`),
    index('users_email_hash').on(table.emailHash).where(sql`${table.emailHash} is not null`),
    index('users_superuser').on(table.id).where(sql`${table.isSuperuser}`)
  ]
)

/** Users as another database had them when they were last imported: one short hash for each field. */
export const importedUsers = pgTable('imported_users', {
  id: bigint('id', { mode: 'number' }).primaryKey().$type<UserId>(),
  fingerprints: bytes('fingerprints').notNull()
})

/** Who users are elsewhere: the `iss` and `sub` of an identity provider's tokens (OpenID Connect Core 1.0, 2). */
export const userIdentities = pgTable(
  'user_identities',
  {
    issuer: key('issuer').notNull(),
    subject: key('subject').notNull(),
    userId: bigint('user_id', { mode: 'number' })
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
export const sessions = pgTable(
  'sessions',
  {
    id: uuid('id').primaryKey(),
    userId: bigint('user_id', { mode: 'number' })
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' })
      .$type<UserId>(),
    /** When the last of its tokens expires. */
    expiresAt: time('expires_at').notNull(),
    endedAt: time('ended_at'),
    /** Null in rows of before there was this column. */
    startedAt: time('started_at')
  },
  (table) => [index('sessions_user').on(table.userId), index('sessions_expiry').on(table.expiresAt)]
)

export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    jti: key('jti').primaryKey(),
    sessionId: uuid('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    usedAt: time('used_at'),
    /** Null in rows that came from before there was this column: they go with their session. */
    expiresAt: time('expires_at')
  },
  (table) => [index('refresh_tokens_session').on(table.sessionId)]
)

/** What administrators did. Rows outlive those whom they name. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
    at: time('at').notNull(),
    actorId: bigint('actor_id', { mode: 'number' }).notNull().$type<UserId>(),
    actorUsername: text('actor_username').notNull(),
    targetId: bigint('target_id', { mode: 'number' }).notNull().$type<UserId>(),
    targetUsername: text('target_username').notNull(),
    action: text('action').notNull().$type<Action>(),
    address: text('address').notNull(),
    outcome: text('outcome').notNull().$type<Outcome>(),
    changes: changesColumn('changes')
  },
  (table) => [index('audit_log_target').on(table.targetId, table.id)]
)

/** The last imports of another service's users; they come by a move, since imports are made into a file. */
export const imports = pgTable('imports', {
  id: bigint('id', { mode: 'number' }).primaryKey(),
  at: time('at').notNull(),
  summary: objectColumn('summary').notNull(),
  findings: objectsColumn('findings').notNull()
})

/** When nodes that share the database last did what one of them does for all. */
export const turns = pgTable('turns', {
  task: text('task').primaryKey(),
  takenAt: time('taken_at').notNull()
})

/** One row: by which rule the keys of names were made (`IDENTITY_KEY_RULE`). */
export const nameKeyRule = pgTable('name_key_rule', {
  only: boolean('only').primaryKey().default(true),
  rule: integer('rule').notNull()
})
