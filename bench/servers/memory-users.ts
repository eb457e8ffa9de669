import type { OpenStores } from '../../src/app.ts'
import type { User, UserId } from '../../src/users/user.ts'
import type { UserStore } from '../../src/users/user-store.ts'

/**
 * Stores that hold a number of users in a map and keep nothing: what of them the updates and reads of the benchmark
 * call. Everything else fails loudly.
 */
export function createMemoryStores(count: number): OpenStores {
  const users = new Map(Array.from({ length: count }, (_, index) => [index + 1, makeUser(index + 1)]))
  const store: Partial<UserStore> = {
    findById: async (id) => users.get(id),
    async update(id, changes) {
      const before = users.get(id)
      if (!before) return undefined
      const user = { ...before, ...changes, extra: before.extra }
      users.set(id, user)
      return { before, user }
    },
    isEmpty: async () => false,
    findReferencedMedia: async () => new Set()
  }
  return {
    users: store as UserStore,
    sessions: { purgeExpired: async () => 0 } as Partial<OpenStores['sessions']> as OpenStores['sessions'],
    identities: {} as OpenStores['identities'],
    media: { async *list() {} } as Partial<OpenStores['media']> as OpenStores['media']
  }
}

/** As `fillUsers` writes them. */
function makeUser(id: number): User {
  return {
    id: id as UserId,
    username: `User_${id}`,
    email: `User_${id}@example.com`,
    firstName: `First ${id % 1000}`,
    lastName: `Last ${id % 7919}`,
    numberPhone: String(id).padStart(10, '0'),
    avatar: null,
    dateJoined: 1_700_000_000_000 + id,
    lastLogin: 1_710_000_000_000 + id,
    isActive: true,
    isStaff: false,
    isSuperuser: false,
    tokenEpoch: 0,
    extra: null
  }
}
