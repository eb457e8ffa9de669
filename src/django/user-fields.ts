/** What is taken over of a user beside the id, by the names that Django and our table have for it. */
export const USER_FIELDS = [
  'username',
  'email',
  'password',
  'first_name',
  'last_name',
  'number_phone',
  'avatar',
  'is_active',
  'is_staff',
  'is_superuser',
  'date_joined',
  'last_login'
] as const

export type UserField = (typeof USER_FIELDS)[number]

export type TextField =
  | 'username'
  | 'email'
  | 'password'
  | 'first_name'
  | 'last_name'
  | 'number_phone'
  | 'avatar'

/** Without these there is nobody to sign in. */
export const REQUIRED_FIELDS: readonly UserField[] = ['username', 'email', 'password']

/** What the rest are where the source has no such column, in words for the summary. */
export const FALLBACKS: Record<Exclude<UserField, 'username' | 'email' | 'password'>, string> = {
  first_name: 'empty',
  last_name: 'empty',
  number_phone: 'none',
  avatar: 'none',
  is_active: 'true',
  is_staff: 'false',
  is_superuser: 'false',
  date_joined: 'the time of the import',
  last_login: 'none'
}

/** The interface's limits, in code points. A longer value is still taken over, because it can be shown. */
export const LENGTH_LIMITS = [
  ['username', 150],
  ['email', 200],
  ['first_name', 200],
  ['last_name', 200],
  ['number_phone', 10]
] as const

/** In code points. Who has a longer text anywhere is left out. */
export const MAX_TEXT = 4096

/** No id that is taken over is higher: JavaScript's numbers are exact up to twice as much, which leaves room for new users. */
export const MAX_USER_ID = 2 ** 52
