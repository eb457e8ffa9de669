import { PLACEHOLDER_COLOURS } from '../../../src/avatars/placeholder.ts'
import { placeholderOf } from '../../../src/avatars/placeholder-of.ts'
import type { User } from '../client.ts'

interface InitialsProps {
  user: User
  class: string
  /** CSS pixels. */
  side: number
  /** What it is, for who can't see it. @default nothing: who it is has to stand beside it */
  label?: string
}

/** What the service shows of a user without a picture, drawn without asking for it. */
export function Initials({ user, class: className, side, label }: InitialsProps) {
  const { id, username, first_name: firstName, last_name: lastName } = user
  const { initials, colour } = placeholderOf({ id, username, firstName, lastName })
  return (
    <svg
      class={className}
      width={side}
      height={side}
      viewBox="0 0 64 64"
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : 'true'}
    >
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
