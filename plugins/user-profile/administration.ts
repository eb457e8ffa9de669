import type { AdminRouteOptions } from '../../routes/admin/admin-options.ts'
import type { AdminStore } from '../../src/admin/admin-store.ts'
import { createAdministration } from '../../src/admin/administration.ts'
import type { AuditLog } from '../../src/admin/audit-log.ts'
import { createOverview } from '../../src/admin/overview.ts'
import { createServiceStatus } from '../../src/admin/service-status.ts'
import type { MediaStore } from '../../src/avatars/media-store.ts'
import type { Log } from '../../src/log.ts'
import { packageVersion } from '../../src/package-version.ts'
import type { Profiles } from '../../src/users/profiles.ts'
import type { User } from '../../src/users/user.ts'
import type { UserEvents } from '../../src/users/user-events.ts'
import type { ProfileStore, UserStore } from '../../src/users/user-store.ts'
import { isUserStore } from './identity.ts'
import type { Settings } from './options.ts'

/** What the routes of administrators work with besides what all routes do. */
export type AdminServices = Pick<AdminRouteOptions, 'administration' | 'overview' | 'service'>

/** The services of administrators, who sign in here as everybody does; undefined where the options ask for none. */
export async function openAdministration({
  users,
  admin,
  audit,
  media,
  settings,
  ...common
}: {
  users: ProfileStore | UserStore
  admin: AdminStore | undefined
  audit: AuditLog | undefined
  media: MediaStore
  profiles: Profiles
  events: UserEvents
  /** A user as answers show one. */
  show: (user: User) => object
  settings: Settings
  log: Log
}): Promise<AdminServices | undefined> {
  const { clock } = settings
  if (!settings.admin) return undefined
  // That they are whole has been checked with the options.
  if (!isUserStore(users) || !admin || !audit) throw new Error('no store of administrators')
  const status = createServiceStatus({ admin, media, clock, log: common.log })
  return {
    administration: createAdministration({ ...common, users, audit, clock }),
    overview: createOverview({ users, admin, audit, status }),
    service: { version: await packageVersion(), node: process.version, startedAt: clock.now() }
  }
}
