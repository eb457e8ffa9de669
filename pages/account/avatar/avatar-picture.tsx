import { useState } from 'preact/hooks'
import type { User } from '../../../client/create-client.ts'
import { Initials } from '../../shared/components/initials.tsx'
import { useAvatarMessages } from './language/use-avatar-messages.ts'

/** CSS pixels. */
const SIDE = 144

/** The user's picture, round; where there is none, or it can't be fetched, the initials that the service shows to others. */
export function AvatarPicture({ user }: { user: User }) {
  const messages = useAvatarMessages()
  const [missing, setMissing] = useState<string>()
  if (!user.avatar || user.avatar === missing) {
    return <Initials user={user} class="avatar-picture" side={SIDE} label={messages.yourInitials} />
  }
  return (
    <img
      class="avatar-picture"
      src={user.avatar}
      alt={messages.yourPicture}
      width={SIDE}
      height={SIDE}
      onError={() => setMissing(user.avatar ?? undefined)}
    />
  )
}
