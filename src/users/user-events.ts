import type { User } from './user.ts'

/** Who wants to know what became of users; told after the commit. Never fails. */
export interface UserEvents {
  signedUp(user: User): Promise<void>
  updated(before: User, after: User): Promise<void>
  deleted(user: User): Promise<void>
}

export const noEvents: UserEvents = {
  signedUp: async () => {},
  updated: async () => {},
  deleted: async () => {}
}
