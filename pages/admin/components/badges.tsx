import type { User } from '../api/user.ts'
import { useAdminMessages } from '../language/messages.ts'

/** Whether somebody may come in, and what else they may. */
export function Badges({ user }: { user: User }) {
  const messages = useAdminMessages()
  const { is_active, is_staff, is_superuser } = user
  return (
    <span class="badges">
      <span class={is_active ? 'badge good' : 'badge bad'}>
        {is_active ? messages.active : messages.inactive}
      </span>
      {is_staff && <span class="badge">{messages.staff}</span>}
      {is_superuser && <span class="badge">{messages.superuser}</span>}
    </span>
  )
}
