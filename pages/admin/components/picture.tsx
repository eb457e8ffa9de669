import { useState } from 'preact/hooks'
import { client } from '../../shared/client.ts'
import { Initials } from '../../shared/components/initials.tsx'
import type { User } from '../api/user.ts'

/** Twice as many pixels as there are points, for screens that have them. */
const DENSITY = 2

/** Somebody's picture, or else their initials; their name stands beside it. @param side CSS pixels */
export function Picture({ user, side }: { user: User; side: number }) {
  const [missing, setMissing] = useState<string>()
  if (!user.avatar || user.avatar === missing) return <Initials user={user} class="picture" side={side} />
  return (
    <img
      class="picture"
      width={side}
      height={side}
      src={sourceOf(user, user.avatar, side * DENSITY)}
      alt=""
      loading="lazy"
      onError={() => setMissing(user.avatar ?? undefined)}
    />
  )
}

/** Small, of whoever is shown to everybody; of others what there is. */
function sourceOf({ id, is_active }: User, avatar: string, pixels: number): string {
  // The last words are for the browser: another picture is fetched anew.
  return is_active ? `${client.avatarUrl(id, pixels)}&of=${encodeURIComponent(avatar)}` : avatar
}
