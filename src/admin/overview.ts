import { errors } from '../errors.ts'
import type { User, UserId } from '../users/user.ts'
import type { UserStore } from '../users/user-store.ts'
import type { AdminStore, ImportRecord, SessionSummary } from './admin-store.ts'
import type { AuditLog, RecordedAct } from './audit-log.ts'
import type { ServiceStatus } from './service-status.ts'
import { findUsers, type UserPage, type UserQuery } from './user-search.ts'

/** What administrators look at. */
export interface Overview {
  findUsers(query: UserQuery, limit: number): Promise<UserPage>
  /** @throws `not_found` (404) */
  getUser(id: UserId | undefined): Promise<User>
  /** A user's sessions, the last hundred. @throws `not_found` (404) */
  sessionsOf(id: UserId | undefined): Promise<SessionSummary[]>
  /** Acts from before the given one, the newest first; those upon one user where one is given. */
  acts(query: { target?: UserId; before?: number }, limit: number): Promise<ActPage>
  /** The last imports, newest first. */
  imports(): Promise<ImportRecord[]>
  status(): Promise<ServiceStatus>
}

export interface ActPage {
  acts: RecordedAct[]
  /** The act that the next page is before; undefined where there are no more. */
  next: number | undefined
}

/** Nobody has more who is not under attack; those that have ended are forgotten when their tokens expire. */
const MAX_SESSIONS = 100
const MAX_IMPORTS = 20

export function createOverview({
  users,
  admin,
  audit,
  status
}: {
  users: Pick<UserStore, 'findById'>
  admin: AdminStore
  audit: AuditLog
  status: () => Promise<ServiceStatus>
}): Overview {
  async function getUser(id: UserId | undefined): Promise<User> {
    const user = id === undefined ? undefined : await users.findById(id)
    if (!user) throw errors.notFound()
    return user
  }

  return {
    findUsers: (query, limit) => findUsers({ admin, findById: (id) => users.findById(id) }, query, limit),
    getUser,
    sessionsOf: async (id) => admin.sessionsOf((await getUser(id)).id, MAX_SESSIONS),

    async acts(query, limit) {
      const found = await audit.list({ ...query, limit: limit + 1 })
      const acts = found.slice(0, limit)
      return { acts, next: found.length > limit ? acts.at(-1)?.id : undefined }
    },

    imports: () => admin.imports(MAX_IMPORTS),
    status
  }
}
