import t from 'tap'
import type { User as ShownUser } from '../../../pages/admin/api/user.ts'
import { type Permissions, permissionsOf } from '../../../pages/admin/user/permissions.ts'
import type { Action } from '../../../src/admin/audit-log.ts'
import { authorise } from '../../../src/admin/permissions.ts'
import type { User } from '../../../src/users/user.ts'

const KINDS = [
  { name: 'a user', isStaff: false, isSuperuser: false },
  { name: 'staff', isStaff: true, isSuperuser: false },
  { name: 'a superuser', isStaff: false, isSuperuser: true },
  { name: 'a superuser who is staff', isStaff: true, isSuperuser: true }
]

const asStored = (id: number, kind: object) => ({ id, ...kind }) as User
const asShown = (id: number, { isStaff, isSuperuser }: (typeof KINDS)[number]) =>
  ({ id, is_staff: isStaff, is_superuser: isSuperuser }) as ShownUser

/** What each permission is about. */
const ACTIONS: Record<keyof Permissions, Action[]> = {
  change: ['update', 'activate', 'end_sessions', 'remove_avatar'],
  deactivate: ['deactivate'],
  setStaff: ['revoke_staff'],
  delete: ['delete']
}

const isAllowed = (...[actor, action, target]: Parameters<typeof authorise>) => {
  try {
    authorise(actor, action, target)
    return true
  } catch {
    return false
  }
}

t.test('the page offers what the service allows, and nothing else', async (t) => {
  const actors = KINDS.filter(({ isStaff, isSuperuser }) => isStaff || isSuperuser)
  for (const actor of actors)
    for (const [whom, targetId, targets] of [
      ['', 2, KINDS],
      ['themselves: ', 1, [actor]]
    ] as const)
      for (const target of targets) {
        const permissions = permissionsOf(asShown(1, actor), asShown(targetId, target))
        for (const name of Object.keys(ACTIONS) as (keyof Permissions)[])
          for (const action of ACTIONS[name])
            t.equal(
              permissions[name] === undefined,
              isAllowed(asStored(1, actor), action, asStored(targetId, target)),
              `${actor.name} → ${whom}${target.name}: ${action}`
            )
      }
})
