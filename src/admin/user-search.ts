import { type IdentityField, identityKey } from '../users/identity.ts'
import { parseUserId, type User, type UserId } from '../users/user.ts'
import type { AdminStore } from './admin-store.ts'

/** What users are looked for by. Digits and nothing else are an id, what has an `@` an email, unless it is said. */
export const SEARCH_FIELDS = ['username', 'email', 'id'] as const

export type SearchField = (typeof SEARCH_FIELDS)[number]

/** Which users are looked for. */
export type UserQuery =
  | { by: 'newest'; before: UserId | undefined }
  | { by: 'id'; id: UserId | undefined }
  /** By the beginning of an identity key, from after another one. */
  | { by: IdentityField; prefix: string; after: string | undefined }

/** Where the next page goes on. */
export type NextUsers = { before: UserId } | { after: string }

export interface UserPage {
  users: User[]
  /** Undefined where there are no more. */
  next: NextUsers | undefined
}

/** What somebody means who says nothing but the text. */
export const guessField = (text: string): SearchField => {
  if (/^\d+$/.test(text)) return 'id'
  return text.includes('@') ? 'email' : 'username'
}

/** A search for a text; where it goes on, the caller knows. */
export const searchFor = (text: string, by: SearchField, after?: string): UserQuery =>
  by === 'id' ? { by, id: parseUserId(text) } : { by, prefix: identityKey(text), after }

/** A page of users, by one range of an index. */
export async function findUsers(
  { admin, findById }: { admin: AdminStore; findById(id: UserId): Promise<User | undefined> },
  query: UserQuery,
  limit: number
): Promise<UserPage> {
  if (query.by === 'id') {
    const user = query.id === undefined ? undefined : await findById(query.id)
    return { users: user ? [user] : [], next: undefined }
  }
  if (query.by === 'newest') {
    // One more than is answered says whether there are more.
    const found = await admin.newest(query.before, limit + 1)
    const users = found.slice(0, limit)
    const last = users.at(-1)
    return { users, next: last && found.length > limit ? { before: last.id } : undefined }
  }
  // Of characters that nobody sees nothing is left to look for.
  if (query.prefix === '') return { users: [], next: undefined }
  const found = await admin.findByPrefix(query.by, query.prefix, query.after, limit + 1)
  const page = found.slice(0, limit)
  const last = page.at(-1)
  return {
    users: page.map(({ user }) => user),
    next: last && found.length > limit ? { after: placeOf(last.key) } : undefined
  }
}

/**
 * A key expands what somebody typed, a letter to eighteen, and a cursor has to fit into a URL. No name that anybody has for
 * telling people apart is so long.
 */
const MAX_PLACE_CHARACTERS = 1000

/** Where a list goes on after a key: after all that begin as a long one does. */
const placeOf = (key: string): string =>
  key.length <= MAX_PLACE_CHARACTERS
    ? key
    : `${key.slice(0, MAX_PLACE_CHARACTERS).replace(/[\ud800-\udbff]$/, '')}\u{10ffff}`
