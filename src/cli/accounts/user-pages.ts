import type { User } from '../../users/user.ts'
import type { UserStore } from '../../users/user-store.ts'

/** How many users are in memory at once. */
const PAGE = 500

/** Which users are listed; all of the conditions have to hold. */
export interface UserFilter {
  inactive: boolean
  staff: boolean
  superusers: boolean
}

/** Users ascending by id, a page at a time; no page is empty. */
export async function* findPages(users: Pick<UserStore, 'list'>, filter: UserFilter): AsyncIterable<User[]> {
  for (let page = await users.list(undefined, PAGE); page.length > 0; ) {
    const found = page.filter((user) => passes(user, filter))
    if (found.length > 0) yield found
    page = await users.list(page.at(-1)?.id, PAGE)
  }
}

function passes({ isActive, isStaff, isSuperuser }: User, filter: UserFilter): boolean {
  if (filter.inactive && isActive) return false
  if (filter.staff && !isStaff) return false
  return !filter.superusers || isSuperuser
}
