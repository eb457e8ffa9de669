import type { UserField } from './user-fields.ts'

/** What an import has to tell of one user, beside that all went well. */
export const FINDING_KINDS = [
  /** The row can't be taken over: `field` and `why`. */
  'invalid',
  /** Somebody else has the id here, who did not come from there. */
  'id_taken',
  /** The name is, but for case or width, that of the user `with`. */
  'username_taken',
  'email_taken',
  /** `field` was changed there and here, differently. */
  'conflict',
  /** The user was imported before and deleted here. */
  'deleted_here',
  /** The user was imported before and is no longer there. */
  'gone_from_django',
  /** There is no file for the avatar: `path` and `why`. */
  'missing_picture',
  /** `field` has `length` code points, more than the interface takes: `limit`. */
  'over_long',
  /** No password will match the hash of this `algorithm`: `why`. */
  'password_unusable'
] as const

export type FindingKind = (typeof FINDING_KINDS)[number]

/** `kept_here`: the user is here, with the values from here. */
export type FindingOutcome = 'left_out' | 'imported' | 'imported_without_avatar' | 'kept_here'

export interface Finding {
  /** As text where it is no number that a user can have. */
  user: number | string
  finding: FindingKind
  field?: UserField | 'id'
  with?: number
  why?: string
  path?: string
  length?: number
  limit?: number
  algorithm?: string
  outcome: FindingOutcome
}

export interface ImportCounts {
  users: {
    read: number
    created: number
    changed: number
    /** All is as it was after the last import, or was changed here alone. */
    unchanged: number
    left_out: number
    /** Not brought back. */
    deleted_here: number
  }
  pictures: { copied: number; present: number; missing: number; dropped: number }
  tokens: {
    live: number
    /** Blacklisted, or of before a change of the password. */
    ended: number
    known: number
    expired: number
    /** Of users who are not here. */
    left_out: number
  }
  /** Users without any password, which Django has too: they can't sign in by one. */
  without_password: number
}

export const noCounts = (): ImportCounts => ({
  users: { read: 0, created: 0, changed: 0, unchanged: 0, left_out: 0, deleted_here: 0 },
  pictures: { copied: 0, present: 0, missing: 0, dropped: 0 },
  tokens: { live: 0, ended: 0, known: 0, expired: 0, left_out: 0 },
  without_password: 0
})
