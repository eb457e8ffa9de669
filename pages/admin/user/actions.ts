import { doTo, removeAvatar, type Version } from '../api/admin-api.ts'
import type { User } from '../api/user.ts'
import type { Permissions } from './permissions.ts'

/** What one more click would not undo: it is asked for. */
export type FinalDeed = 'deactivate' | 'sign-out' | 'remove-avatar'

export type DeedName = FinalDeed | 'activate' | 'grant-staff' | 'revoke-staff'

const FINAL: ReadonlySet<string> = new Set<FinalDeed>(['deactivate', 'sign-out', 'remove-avatar'])

export const isFinal = (name: DeedName): name is FinalDeed => FINAL.has(name)

/** What a button does to a user. */
export interface UserAction {
  name: DeedName
  /** Where its button is: what turns something on has that of what turns it off. */
  place: 'active' | 'sessions' | 'staff' | 'avatar'
  perform(id: number): Promise<Version>
}

/** What can be done to a user as they are now. */
export function actionsFor(user: User, permissions: Permissions): UserAction[] {
  const isOffered: [boolean, UserAction][] = [
    [
      user.is_active && !permissions.deactivate,
      { name: 'deactivate', place: 'active', perform: (id) => doTo(id, 'deactivate') }
    ],
    [
      !user.is_active && !permissions.change,
      { name: 'activate', place: 'active', perform: (id) => doTo(id, 'activate') }
    ],
    [!permissions.change, { name: 'sign-out', place: 'sessions', perform: (id) => doTo(id, 'sign-out') }],
    [
      !user.is_staff && !permissions.setStaff,
      { name: 'grant-staff', place: 'staff', perform: (id) => doTo(id, 'grant-staff') }
    ],
    [
      user.is_staff && !permissions.setStaff,
      { name: 'revoke-staff', place: 'staff', perform: (id) => doTo(id, 'revoke-staff') }
    ],
    [
      user.avatar !== null && !permissions.change,
      { name: 'remove-avatar', place: 'avatar', perform: removeAvatar }
    ]
  ]
  return isOffered.filter(([offered]) => offered).map(([, action]) => action)
}
