import { isProfileError } from '../../../client/profile-error.ts'
import { getUser, type Version } from '../api/admin-api.ts'
import { useLoaded } from '../api/use-loaded.ts'
import type { User } from '../api/user.ts'
import { useTitle } from '../app/use-title.ts'
import { Badges } from '../components/badges.tsx'
import { Failure } from '../components/failure.tsx'
import { Picture } from '../components/picture.tsx'
import { useAdminMessages } from '../language/messages.ts'
import { fullName } from '../users/user-columns.tsx'
import { usersMemory } from '../users/users-memory.ts'
import { EditForm } from './edit-form.tsx'
import { Facts } from './facts.tsx'
import { permissionsOf } from './permissions.ts'
import { RecentActs } from './recent-acts.tsx'
import { Sessions } from './sessions.tsx'
import { UserActions } from './user-actions.tsx'

/** One user: what is known of them, and what can be done. */
export function UserView({ id, who }: { id: number; who: User }) {
  const messages = useAdminMessages()
  const { data, error, isLoading, reload, set } = useLoaded<Version>([id], (signal) => getUser(id, signal))
  const isGone = isProfileError(error) && error.status === 404
  const title = data?.user.username ?? messages.userNumber(id)
  useTitle(title)
  return (
    <>
      <a class="back" href={usersMemory.href}>
        {messages.toUsers}
      </a>
      <header class="user-header">
        {data && <Picture user={data.user} side={72} />}
        <div>
          <h1 tabIndex={-1}>{title}</h1>
          {data && <p class="quiet">{fullName(data.user) || data.user.email}</p>}
          {data && <Badges user={data.user} />}
        </div>
      </header>
      {isGone && <p class="empty">{messages.noSuchUser(id)}</p>}
      {error !== undefined && !isGone && <Failure error={error} onRetry={reload} />}
      {!data && isLoading && <p aria-busy="true">{messages.loading}</p>}
      {data && !isGone && <Known version={data} who={who} onVersion={set} />}
    </>
  )
}

interface KnownProps {
  version: Version
  who: User
  onVersion(version: Version): void
}

function Known({ version, who, onVersion }: KnownProps) {
  const messages = useAdminMessages()
  const { user } = version
  const permissions = permissionsOf(who, user)
  return (
    <div class="user">
      <div>
        {permissions.change ? (
          <p class="notice info">
            {messages.refusals[permissions.change]}{' '}
            {permissions.change === 'own' && <a href="../account/">{messages.toAccount}</a>}
          </p>
        ) : (
          <EditForm version={version} onVersion={onVersion} />
        )}
      </div>
      <aside aria-label={messages.factsAndActions}>
        <Facts user={user} isWhole={permissions.change !== undefined} />
        {!permissions.change && <UserActions user={user} permissions={permissions} onVersion={onVersion} />}
      </aside>
      <div>
        <Sessions user={user} version={version} />
        <RecentActs user={user} version={version} />
      </div>
    </div>
  )
}
