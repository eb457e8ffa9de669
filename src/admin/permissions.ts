import { errors } from '../errors.ts'
import type { User } from '../users/user.ts'
import type { Action } from './audit-log.ts'

/** Who may look at users, and act upon some of them. */
export const isAdministrator = ({ isStaff, isSuperuser }: User): boolean => isStaff || isSuperuser

/** Who is an administrator is decided by superusers. */
const SUPERUSERS_ALONE: ReadonlySet<Action> = new Set(['grant_staff', 'revoke_staff'])

/** So that the last superuser stays one. */
const NOT_UPON_ONESELF: Partial<Record<Action, string>> = {
  deactivate: 'Administrators can’t deactivate themselves.',
  revoke_staff: 'Administrators can’t take their own rights.',
  delete: 'Administrators can’t delete themselves here.'
}

/**
 * Superusers act upon everybody, staff upon those who are neither.
 * @throws `not_authorized` (403)
 * @throws `own_account` (400) of what nobody does to themselves
 */
export function authorise(actor: User, action: Action, target: User): void {
  if (!isAdministrator(actor)) throw errors.notAuthorized()
  if (!actor.isSuperuser && (SUPERUSERS_ALONE.has(action) || isAdministrator(target)))
    throw errors.notAuthorized()
  const sentence = actor.id === target.id ? NOT_UPON_ONESELF[action] : undefined
  if (sentence !== undefined) throw errors.ownAccount(sentence)
}
