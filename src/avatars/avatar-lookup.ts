import type { User, UserId } from '../users/user.ts'
import type { ProfileStore } from '../users/user-store.ts'
import type { MediaKey } from './media-store.ts'
import type { Placeholder } from './placeholder.ts'
import { placeholderOf } from './placeholder-of.ts'

/** How a user is shown to others. */
export interface ShownAvatar {
  picture: MediaKey | null
  /** In place of a picture. */
  placeholder: Placeholder
}

/** Undefined where there is no such user, or an inactive one. */
export interface AvatarLookup {
  byId(id: UserId): Promise<ShownAvatar | undefined>
  /** @param hash of the email, as `email-hash.ts` makes it */
  byEmailHash(hash: string): Promise<ShownAvatar | undefined>
}

export function createAvatarLookup(users: ProfileStore): AvatarLookup {
  return {
    byId: async (id) => show(await users.findById(id)),
    byEmailHash: async (hash) => show(await users.findByEmailHash(hash))
  }
}

/** Somebody of whom nothing is known. */
export const NOBODY: ShownAvatar = { picture: null, placeholder: { initials: '', colour: 6 } }

const show = (user: User | undefined): ShownAvatar | undefined =>
  user?.isActive ? { picture: user.avatar, placeholder: placeholderOf(user) } : undefined
