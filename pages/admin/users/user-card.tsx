import type { User } from '../api/user.ts'
import { userHref } from '../app/route.ts'
import { Badges } from '../components/badges.tsx'
import { Picture } from '../components/picture.tsx'
import { Time } from '../formats/time.tsx'
import { useAdminMessages } from '../language/messages.ts'
import { fullName } from './user-columns.tsx'

/** What a row of the table says of a user, on a phone. */
export function UserCard({ user }: { user: User }) {
  const messages = useAdminMessages()
  const { fields } = messages
  const name = fullName(user)
  return (
    <div class="user-card">
      <Picture user={user} side={40} />
      <p>
        <a href={userHref(user.id)}>{user.username}</a> {name && <span>· {name}</span>}
      </p>
      <p>{user.email}</p>
      <p class="quiet">
        {fields.id} {user.id} · {fields.date_joined} <Time at={user.date_joined} dateOnly /> ·{' '}
        {fields.last_login}{' '}
        {user.last_login === null ? messages.never : <Time at={user.last_login} dateOnly />}
      </p>
      <p>
        <Badges user={user} />
      </p>
    </div>
  )
}
