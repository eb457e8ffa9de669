import type { UserValues } from './candidate.ts'
import { type Fingerprints, fingerprint } from './fingerprints.ts'
import { USER_FIELDS, type UserField } from './user-fields.ts'

export interface Merge {
  /** What is to be written. */
  changes: Partial<UserValues>
  /** As they are to be after that: those of conflicts stay, so that they are found again. */
  fingerprints: Fingerprints
  /** Fields that were changed on both sides, differently. They stay as they are here. */
  conflicts: UserField[]
}

/**
 * What becomes of a user who was imported before. Each field by itself: changed there alone, it is written; changed here
 * alone, or not known there, it stays. Of the last sign-ins the later one is the last.
 * @param before what the fields were there at the last import
 * @param tokenEpoch of the user here, which every new password moves on. Where it is 0, a hash that differs was only made
 *   anew at a sign-in, and the password is no change of here
 */
export function mergeUser(
  theirs: UserValues,
  ours: UserValues,
  before: Fingerprints,
  tokenEpoch: number
): Merge {
  const merge: Merge = { changes: {}, fingerprints: { ...before }, conflicts: [] }
  for (const field of USER_FIELDS) {
    const value = theirs[field]
    const now = fingerprint(value)
    if (value === undefined || now === before[field]) continue
    const here = fingerprint(ours[field])
    const isAsImported = here === before[field] || (field === 'password' && tokenEpoch === 0)
    const isWritten = field === 'last_login' ? isLater(value, ours[field]) : isAsImported
    if (isWritten) Object.assign(merge.changes, { [field]: value })
    else if (field !== 'last_login' && here !== now) {
      merge.conflicts.push(field)
      continue
    }
    merge.fingerprints[field] = now
  }
  return merge
}

/** Whether both are one user's in every field. */
export const isSameUser = (theirs: UserValues, ours: UserValues): boolean =>
  USER_FIELDS.every((field) => fingerprint(theirs[field]) === fingerprint(ours[field]))

/** A change after which the user's tokens must not work any more. */
export const endsTokens = ({ password, is_active }: Partial<UserValues>): boolean =>
  password !== undefined || is_active === false

const isLater = (there: UserValues[UserField], here: UserValues[UserField]) =>
  Number(there ?? Number.NEGATIVE_INFINITY) > Number(here ?? Number.NEGATIVE_INFINITY)
