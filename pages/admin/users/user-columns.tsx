import type { User } from '../api/user.ts'
import { userHref } from '../app/route.ts'
import { Badges } from '../components/badges.tsx'
import type { Column } from '../components/listing.tsx'
import { Picture } from '../components/picture.tsx'
import { Time } from '../formats/time.tsx'
import { useAdminMessages } from '../language/messages.ts'

export const fullName = ({ first_name, last_name }: User): string => `${first_name} ${last_name}`.trim()

/** What is told of each user in a list. */
export function useUserColumns(): Column<User>[] {
  const messages = useAdminMessages()
  return [
    {
      name: 'username',
      header: messages.fields.username,
      kind: 'long',
      cell: (user) => (
        <a class="person" href={userHref(user.id)}>
          <Picture user={user} side={32} />
          <span>{user.username}</span>
        </a>
      )
    },
    { name: 'id', header: messages.fields.id, cell: ({ id }) => id, kind: 'number' },
    { name: 'email', header: messages.fields.email, cell: ({ email }) => email, kind: 'long' },
    {
      name: 'name',
      header: messages.name,
      cell: fullName,
      isBlank: (user) => fullName(user) === '',
      kind: 'long'
    },
    {
      name: 'joined',
      header: messages.fields.date_joined,
      cell: ({ date_joined }) => <Time at={date_joined} dateOnly />
    },
    {
      name: 'last-sign-in',
      header: messages.fields.last_login,
      cell: ({ last_login }) =>
        last_login === null ? <span class="quiet">{messages.never}</span> : <Time at={last_login} dateOnly />
    },
    { name: 'state', header: messages.state, cell: (user) => <Badges user={user} /> }
  ]
}
