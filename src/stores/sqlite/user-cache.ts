import { LruMap } from 'toad-cache'
import type { User, UserId } from '../../users/user.ts'

/**
 * Users as this connection sees them, so that the one whom every request reads is not read from the file again.
 * It holds what the connection itself read and wrote; when another connection has committed, it forgets everything.
 */
export interface UserCache {
  /** As the row is now. */
  get(id: UserId): User | undefined
  /** The same inside a transaction, where nobody else can have written. */
  getWithin(id: UserId): User | undefined
  /** For what was just read, or written by the open transaction. */
  set(user: User): void
  delete(id: UserId): void
  /** Forgets everything where another connection has committed. A transaction begins with it. */
  forgetOutdated(): void
  forgetAll(): void
}

/**
 * @param maxUsers about 500 bytes each
 * @param readVersion a number that changes when another connection has committed
 */
export function createUserCache(maxUsers: number, readVersion: () => number): UserCache {
  const users = new LruMap<User>(maxUsers)
  let version = readVersion()

  function forgetOutdated(): void {
    const current = readVersion()
    if (current === version) return
    users.clear()
    version = current
  }

  return {
    get(id) {
      forgetOutdated()
      return users.get(id)
    },
    getWithin: (id) => users.get(id),
    set: (user) => users.set(user.id, user),
    delete: (id) => users.delete(id),
    forgetOutdated,
    forgetAll: () => users.clear()
  }
}
