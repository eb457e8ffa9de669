import type { MediaKey } from '../avatars/media-store.ts'

declare const brand: unique symbol

/** A positive integer, never used again after its user is deleted. */
export type UserId = number & { readonly [brand]: 'UserId' }

/** Times are milliseconds since the Unix epoch, in UTC. */
export interface User {
  readonly id: UserId
  readonly username: string
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  readonly numberPhone: string | null
  readonly avatar: MediaKey | null
  readonly dateJoined: number
  readonly lastLogin: number | null
  readonly isActive: boolean
  readonly isStaff: boolean
  readonly isSuperuser: boolean
  /** When all of the user's tokens were last revoked; 0 for never. Only ever grows. */
  readonly tokenEpoch: number
  /** What a host app adds to profiles, by field; null for nothing yet. */
  readonly extra: ProfileExtra | null
}

/** Values of JSON, as the host's schema takes them. */
export type ProfileExtra = Readonly<Record<string, unknown>>

/** The text fields that a user may change. */
export interface ProfileTexts {
  username: string
  email: string
  firstName: string
  lastName: string
  numberPhone: string | null
}

/** Takes a positive safe integer, as a number or as its decimal text (leading zeros too, as Django's URLs do). */
export function parseUserId(value: unknown): UserId | undefined {
  const id = typeof value === 'string' && /^\d{1,32}$/.test(value) ? Number(value) : value
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? (id as UserId) : undefined
}
