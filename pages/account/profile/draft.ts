import type { User } from '../../../client/create-client.ts'

/** The fields of the form, in its order. */
export const PROFILE_FIELDS = ['username', 'email', 'first_name', 'last_name', 'number_phone'] as const

export type ProfileField = (typeof PROFILE_FIELDS)[number]

type Texts = Pick<User, ProfileField>

interface Edit {
  value: string
  /** What was there when it was typed: the change is from this. */
  from: string
}

/** What was typed and differs from the profile. A field without an edit shows what the profile has, whatever becomes of that. */
export type Draft = Readonly<Partial<Record<ProfileField, Edit>>>

/** What a field holds as the form shows it. */
export const textOf = (user: Texts, field: ProfileField): string => user[field] ?? ''

export function type(draft: Draft, user: Texts, field: ProfileField, value: string): Draft {
  const from = draft[field]?.from ?? textOf(user, field)
  return settle({ ...draft, [field]: { value, from } }, user)
}

/** Without the edits that came to nothing, because the profile has the same by now. */
export function settle(draft: Draft, user: Texts): Draft {
  const kept = editsOf(draft).filter(([field, { value }]) => value !== textOf(user, field))
  return kept.length === editsOf(draft).length ? draft : Object.fromEntries(kept)
}

export const editsOf = (draft: Draft) => Object.entries(draft) as [ProfileField, Edit][]

/** The fields that were changed elsewhere too since they were typed here. */
export const conflictsOf = (draft: Draft, user: Texts): ProfileField[] =>
  editsOf(draft)
    .filter(([field, { from }]) => from !== textOf(user, field))
    .map(([field]) => field)

/** Of two changes of a field, the one that was typed here shall hold. */
export function keepMine(draft: Draft, user: Texts, field: ProfileField): Draft {
  const edit = draft[field]
  return edit ? { ...draft, [field]: { ...edit, from: textOf(user, field) } } : draft
}

export function takeTheirs(draft: Draft, field: ProfileField): Draft {
  const { [field]: _given, ...others } = draft
  return others
}

/** What was typed on while the rest was being saved: from then on it is a change of what was saved. */
export const withoutSaved = (now: Draft, saved: Draft, user: Texts): Draft =>
  Object.fromEntries(
    editsOf(now)
      .filter(([field, { value }]) => saved[field]?.value !== value)
      .map(([field, edit]) => [field, saved[field] ? { ...edit, from: textOf(user, field) } : edit])
  )

/** What an update sends: the changed fields alone. A number that was removed is none. */
export function changesOf(draft: Draft) {
  const changes = editsOf(draft).map(([field, { value }]) => [
    field,
    field === 'number_phone' && value === '' ? null : value
  ])
  return Object.fromEntries(changes) as Partial<Texts>
}
