import type { User } from '../api/user.ts'
import { TEXTS, type TextField, type Texts } from '../api/user.ts'

/** What is typed: no phone number is an empty one. */
export type Draft = Record<TextField, string>

export const draftOf = (user: User): Draft => ({
  username: user.username,
  email: user.email,
  first_name: user.first_name,
  last_name: user.last_name,
  number_phone: user.number_phone ?? ''
})

/** What differs from the user. */
export function changesOf(draft: Draft, user: User): Partial<Texts> {
  const before = draftOf(user)
  return Object.fromEntries(
    TEXTS.filter((field) => draft[field] !== before[field]).map((field) => [
      field,
      field === 'number_phone' && draft[field] === '' ? null : draft[field]
    ])
  )
}

/** Whether a field was typed in since, and what came meanwhile is neither what was there before nor what was typed. */
const isConflict = (field: TextField, draft: Draft, old: Draft, now: Draft): boolean =>
  draft[field] !== old[field] && now[field] !== old[field] && now[field] !== draft[field]

/** The fields that were changed both here and elsewhere, and differently. @param old what the draft began as */
export const conflictsOf = (draft: Draft, old: Draft, now: Draft): readonly TextField[] =>
  TEXTS.filter((field) => isConflict(field, draft, old, now))

/** What is new, where nothing was typed since. @param old what the draft began as */
export const rebase = (draft: Draft, old: Draft, now: Draft): Draft =>
  Object.fromEntries(
    TEXTS.map((field) => [field, draft[field] === old[field] ? now[field] : draft[field]])
  ) as Draft
