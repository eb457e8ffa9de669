import type { UserStore } from '../../users/user-store.ts'
import { and, asc, build, eq, gt, isNotNull, sql } from './drizzle.ts'
import type { PostgresDatabase } from './postgres-database.ts'
import { users } from './schema.ts'
import { prepare, prepareSql } from './statement.ts'
import { after } from './user-statements.ts'

type AvatarMethods = Pick<UserStore, 'findReferencedMedia' | 'listAvatars' | 'removeAvatar'>

const placeholder = sql.placeholder

const avatarColumns = { id: users.id, avatar: users.avatar }

const avatarsAfter = prepare(
  'avatar_page',
  build
    .select(avatarColumns)
    .from(users)
    .where(and(gt(users.id, placeholder('after')), isNotNull(users.avatar)))
    .orderBy(asc(users.id))
    .limit(placeholder('limit')),
  avatarColumns
)

const referenced = prepare(
  'avatar_referenced',
  build
    .select({ avatar: users.avatar })
    .from(users)
    .where(eq(users.avatar, sql`any(${placeholder('keys')}::text[])`)),
  { avatar: users.avatar }
)

const removeAvatar = prepareSql<{ id: number }>(
  'avatar_remove',
  sql`update ${users} set avatar = null
    where ${users.id} = ${placeholder('id')} and ${users.avatar} = ${placeholder('avatar')} returning ${users.id}`,
  { id: users.id }
)

/** The part of the `UserStore` that keeps rows and pictures together. */
export function createPostgresAvatars(database: PostgresDatabase): AvatarMethods {
  return {
    async findReferencedMedia(keys) {
      if (keys.length === 0) return new Set()
      const rows = await database.run(referenced, { keys: [...keys] })
      return new Set(rows.flatMap(({ avatar }) => avatar ?? []))
    },

    async listAvatars(id, limit) {
      const rows = await database.run(avatarsAfter, { after: after(id), limit })
      return rows.flatMap(({ id, avatar }) => (avatar === null ? [] : { id, avatar }))
    },

    removeAvatar: async (id, avatar) => (await database.run(removeAvatar, { id, avatar })).length > 0
  }
}
