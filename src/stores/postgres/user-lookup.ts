import type { User, UserId } from '../../users/user.ts'
import type { PostgresDatabase } from './postgres-database.ts'
import { byIds } from './user-statements.ts'

/** A request that is answered together with those beside it. */
interface Asked {
  id: UserId
  resolve(user: User | undefined): void
  reject(error: unknown): void
}

/** More than that is asked for by several statements. */
const MAX_AT_ONCE = 100

/**
 * Finds users by id: those that are asked for in one turn of the event loop by one statement. Nobody gets a user that was read
 * before they asked.
 */
export function createUserLookup(database: PostgresDatabase): (id: UserId) => Promise<User | undefined> {
  let asked: Asked[] = []

  async function answer(): Promise<void> {
    const now = asked
    asked = []
    try {
      const users = await database.run(byIds, { ids: now.map(({ id }) => id) })
      const found = new Map(users.map((user) => [user.id, user]))
      for (const { id, resolve } of now) resolve(found.get(id))
    } catch (error) {
      for (const { reject } of now) reject(error)
    }
  }

  return (id) =>
    database.track(
      new Promise((resolve, reject) => {
        if (asked.length === 0) setImmediate(() => void (asked.length > 0 && answer()))
        asked.push({ id, resolve, reject })
        if (asked.length >= MAX_AT_ONCE) void answer()
      })
    )
}
