import type { User } from '../api/user.ts'

/**
 * Why something is not offered. `peer`: an administrator, whom staff leaves alone; `own`: such a one's own account; `rights`: for
 * superusers alone; `oneself`: nobody does it to themselves.
 */
export type Refusal = 'peer' | 'own' | 'rights' | 'oneself'

/** What the signed-in administrator may do to a user: undefined is a yes. The service decides; this says what to offer. */
export interface Permissions {
  change: Refusal | undefined
  deactivate: Refusal | undefined
  setStaff: Refusal | undefined
  delete: Refusal | undefined
}

export function permissionsOf(who: User, target: User): Permissions {
  const isOneself = who.id === target.id
  const oneself = isOneself ? 'oneself' : undefined
  if (who.is_superuser) return { change: undefined, deactivate: oneself, setStaff: oneself, delete: oneself }
  const peer = isOneself ? 'own' : target.is_staff || target.is_superuser ? 'peer' : undefined
  return { change: peer, deactivate: peer, setStaff: peer ?? 'rights', delete: peer }
}
