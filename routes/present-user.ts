import type { Static } from '@sinclair/typebox'
import { LruMap } from 'toad-cache'
import { mediaUrlPath } from '../src/avatars/media-paths.ts'
import type { User } from '../src/users/user.ts'
import { noProfileFields, type ProfileFields } from '../src/validation/profile-fields.ts'
import type { SignedInResponse, UserResponse } from './schemas/responses.ts'

/**
 * Makes a user as answers show it.
 * @param mediaUrl what stands before the path of a picture
 * @param fields what a host adds
 */
export function createPresenter(mediaUrl: string, fields: ProfileFields = noProfileFields) {
  const isoSeconds = createTimeWriter()
  const showOwn = (user: User): Static<typeof UserResponse> => ({
    id: user.id,
    username: user.username,
    email: user.email,
    first_name: user.firstName,
    last_name: user.lastName,
    number_phone: user.numberPhone,
    avatar: user.avatar === null ? null : mediaUrl + mediaUrlPath(user.avatar),
    date_joined: isoSeconds(user.dateJoined),
    last_login: user.lastLogin === null ? null : isoSeconds(user.lastLogin),
    is_active: user.isActive,
    is_staff: user.isStaff,
    is_superuser: user.isSuperuser
  })
  const hasFields = Object.keys(fields.written).length > 0
  const presentUser = hasFields
    ? (user: User) => ({ ...showOwn(user), ...fields.present(user.extra) })
    : showOwn
  return {
    user: presentUser,
    time: isoSeconds,
    timeOrNull: (time: number | null): string | null => (time === null ? null : isoSeconds(time)),
    signedIn: ({
      refresh,
      access,
      user
    }: {
      refresh: string
      access: string
      user: User
    }): Static<typeof SignedInResponse> => ({ refresh, access, user: presentUser(user) })
  }
}

export type Presenter = ReturnType<typeof createPresenter>

const MAX_WRITTEN_TIMES = 10_000

/**
 * Epoch milliseconds → `2024-01-15T10:30:00Z`. Both times of a user seldom change, and writing one takes longer than
 * looking it up.
 */
function createTimeWriter(): (time: number) => string {
  const written = new LruMap<string>(MAX_WRITTEN_TIMES)
  return (time) => {
    const known = written.get(time)
    if (known !== undefined) return known
    const text = `${new Date(time).toISOString().slice(0, 19)}Z`
    written.set(time, text)
    return text
  }
}
