import type { MediaKey } from '../avatars/media-store.ts'
import type { UserId } from '../users/user.ts'
import type { UserField } from './user-fields.ts'

/** What is kept of a user, by field. Times are epoch milliseconds; undefined is what nobody knows. */
export interface UserValues {
  username: string
  email: string
  password: string
  first_name: string
  last_name: string
  number_phone: string | null
  avatar: MediaKey | null | undefined
  is_active: boolean
  is_staff: boolean
  is_superuser: boolean
  date_joined: number | undefined
  last_login: number | null
}

/** A user as the source has it, who can be taken over. */
export interface Candidate {
  id: UserId
  values: UserValues
  /** As the source has it; null for none. The value of the same name is its key, null where it can't have one. */
  avatarPath: string | null
  /** Why there is no picture for it, where there is none; then the value is undefined. */
  missingPicture?: string
}

/** Why a user can't be. */
export interface Invalid {
  field: UserField
  why: string
}
