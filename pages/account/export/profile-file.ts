import type { User } from '../../shared/client.ts'

/** The profile as the interface answers it, for people to read too. */
export const profileFile = (user: User): Blob =>
  new Blob([`${JSON.stringify(user, undefined, 2)}\n`], { type: 'application/json' })
