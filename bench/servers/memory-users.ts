import type { OpenStores } from '../../src/app.ts'
import type { User, UserId } from '../../src/users/user.ts'

/**
 * Stores that hold a number of users in a map and keep nothing: what of them the updates and reads of the benchmark
 * call. Everything else fails loudly.
 */
export function createMemoryStores(count: number): OpenStores {
  const users = new Map(Array.from({ length: count }, (_, index) => [index + 1, makeUser(index + 1)]))
  return {
    users: withOnly<OpenStores['users']>({
      findById: async (id) => users.get(id),
      async update(id, { extra: _, ...changes }) {
        const before = users.get(id)
        if (!before) return undefined
        const user = { ...before, ...changes }
        users.set(id, user)
        return { before, user }
      },
      isEmpty: async () => false,
      findReferencedMedia: async () => new Set()
    }),
    identities: withOnly<OpenStores['identities']>({}),
    admin: withOnly<OpenStores['admin']>({}),
    audit: withOnly<OpenStores['audit']>({}),
    sessions: withOnly<OpenStores['sessions']>({ purgeExpired: async () => 0 }),
    media: withOnly<OpenStores['media']>({ async *list() {} })
  }
}

/** A store with some of its methods. It has the others too, and each of them fails. */
function withOnly<Store extends object>(methods: Partial<Store>): Store {
  const others = new Proxy({} as Store, {
    get: (_, name) =>
      name === 'folder'
        ? undefined
        : () => Promise.reject(new Error(`not in the benchmark: ${String(name)}`)),
    has: () => true
  })
  return Object.assign(Object.create(others), methods)
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
