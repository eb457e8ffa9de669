import type { UserId } from '../users/user.ts'
import type { UserStore } from '../users/user-store.ts'
import type { MediaKey, MediaStore } from './media-store.ts'

const BATCH = 500

export interface AvatarRow {
  id: UserId
  avatar: MediaKey
  /** Whether its picture is not in the store. */
  missing: boolean
}

/** Every user's avatar, ascending by id, and whether its picture is missing. */
export async function* checkPictures({
  media,
  users
}: {
  media: MediaStore
  users: UserStore
}): AsyncIterable<AvatarRow> {
  for (let page = await users.listAvatars(undefined, BATCH); page.length > 0; ) {
    for (const { id, avatar } of page) yield { id, avatar, missing: await isMissing(id, avatar) }
    page = await users.listAvatars(page.at(-1)?.id, BATCH)
  }

  /** A picture that was replaced since the page was read is gone by right. */
  async function isMissing(id: UserId, avatar: MediaKey): Promise<boolean> {
    return !(await media.has(avatar)) && (await users.findById(id))?.avatar === avatar
  }
}
