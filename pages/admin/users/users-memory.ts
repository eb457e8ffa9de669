import { createPlace } from '../api/use-pages.ts'
import type { User } from '../api/user.ts'
import { usersHref } from '../app/route.ts'

/** Where somebody was among the users: whoever comes back from one finds the list as they left it. */
export const usersMemory = {
  place: createPlace<User>(),
  /** With the last search. */
  href: usersHref(),
  scrollY: 0
}
