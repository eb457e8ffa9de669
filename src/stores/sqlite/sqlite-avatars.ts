import type { UserStore } from '../../users/user-store.ts'
import { and, eq, gt, inArray, isNotNull, sql } from './drizzle.ts'
import type { GroupCommit } from './group-commit.ts'
import { prepareWrite } from './prepare-write.ts'
import { users } from './schema.ts'
import type { SqliteDatabase } from './sqlite-database.ts'
import { read } from './sqlite-errors.ts'
import type { UserCache } from './user-cache.ts'

type AvatarMethods = Pick<UserStore, 'findReferencedMedia' | 'listAvatars' | 'removeAvatar'>

/** The part of the `UserStore` that keeps rows and pictures together. */
export function createSqliteAvatars(
  db: SqliteDatabase,
  commits: GroupCommit,
  cache: UserCache
): AvatarMethods {
  const page = db
    .select({ id: users.id, avatar: users.avatar })
    .from(users)
    .where(and(gt(users.id, sql.placeholder('after')), isNotNull(users.avatar)))
    .orderBy(users.id)
    .limit(sql.placeholder('limit'))
    .prepare()
  const remove = prepareWrite(
    db,
    db
      .update(users)
      .set({ avatar: sql`${sql.placeholder('none')}` })
      .where(and(eq(users.id, sql.placeholder('id')), eq(users.avatar, sql.placeholder('avatar'))))
  )

  return {
    findReferencedMedia: (keys) =>
      read(() => {
        const rows = db
          .select({ avatar: users.avatar })
          .from(users)
          .where(inArray(users.avatar, [...keys]))
          .all()
        return new Set(rows.flatMap(({ avatar }) => avatar ?? []))
      }),

    listAvatars: (after, limit) =>
      read(() =>
        page
          .all({ after: after ?? 0, limit })
          .flatMap(({ id, avatar }) => (avatar === null ? [] : { id, avatar }))
      ),

    removeAvatar: (id, avatar) =>
      commits.runStatement(
        () => {
          const removed = remove({ id, avatar, none: null }) > 0
          if (removed) cache.delete(id)
          return removed
        },
        { frees: true }
      )
  }
}
