import { useState } from 'preact/hooks'
import type { User } from '../../../client/create-client.ts'
import { PLACEHOLDER_COLOURS } from '../../../src/avatars/placeholder.ts'
import { placeholderOf } from '../../../src/avatars/placeholder-of.ts'
import { useAvatarMessages } from './language/use-avatar-messages.ts'

/** The user's picture, round; where there is none, or it can't be fetched, the initials that the service shows to others. */
export function AvatarPicture({ user }: { user: User }) {
  const messages = useAvatarMessages()
  const [missing, setMissing] = useState<string>()
  if (!user.avatar || user.avatar === missing) return <Initials user={user} label={messages.yourInitials} />
  return (
    <img
      class="avatar-picture"
      src={user.avatar}
      alt={messages.yourPicture}
      width="144"
      height="144"
      onError={() => setMissing(user.avatar ?? undefined)}
    />
  )
}

function Initials({ user, label }: { user: User; label: string }) {
  const { id, username, first_name: firstName, last_name: lastName } = user
  const { initials, colour } = placeholderOf({ id, username, firstName, lastName })
  return (
    <svg class="avatar-picture" viewBox="0 0 64 64" role="img" aria-label={label}>
      <rect width="64" height="64" fill={PLACEHOLDER_COLOURS[colour]} />
      {initials ? (
        <text
          x="32"
          y="32"
          dy=".36em"
          fill="#fff"
          font-family="system-ui,sans-serif"
          font-size={[...initials].length > 1 ? 26 : 32}
          text-anchor="middle"
        >
          {initials}
        </text>
      ) : (
        <path fill="#fff" d="M21 25a11 11 0 0 1 22 0 11 11 0 0 1-22 0M10 64a22 22 0 0 1 44 0z" />
      )}
    </svg>
  )
}
