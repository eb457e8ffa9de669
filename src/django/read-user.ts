import { mediaKeyFromPath } from '../avatars/media-paths.ts'
import type { Candidate, Invalid } from './candidate.ts'
import type { SourceUser } from './django-source.ts'
import { lengthOf, readBoolean, readText, readTime } from './read-values.ts'
import { MAX_TEXT, type TextField, type UserField } from './user-fields.ts'

class InvalidFieldError extends Error {
  readonly field: UserField
  readonly why: string

  constructor(field: UserField, why: string) {
    super(`${field}: ${why}`)
    this.field = field
    this.why = why
  }
}

/** The user in our terms, or what keeps it from being taken over. */
export function readUser(row: SourceUser): Candidate | Invalid {
  try {
    return read(row)
  } catch (error) {
    if (error instanceof InvalidFieldError) return { field: error.field, why: error.why }
    throw error
  }
}

function read(row: SourceUser): Candidate {
  // Django keeps "" for a field without a file.
  const avatarPath = textOrNull(row, 'avatar') || null
  return {
    id: row.id,
    avatarPath,
    values: {
      username: name(row, 'username'),
      email: name(row, 'email'),
      password: text(row, 'password'),
      first_name: textOrNull(row, 'first_name') ?? '',
      last_name: textOrNull(row, 'last_name') ?? '',
      number_phone: textOrNull(row, 'number_phone'),
      avatar: avatarPath === null ? null : (mediaKeyFromPath(avatarPath) ?? null),
      is_active: truth(row, 'is_active', true),
      is_staff: truth(row, 'is_staff', false),
      is_superuser: truth(row, 'is_superuser', false),
      date_joined: row.date_joined === undefined ? undefined : time(row, 'date_joined'),
      last_login: row.last_login === undefined || row.last_login === null ? null : time(row, 'last_login')
    }
  }
}

function textOrNull(row: SourceUser, field: TextField): string | null {
  const value = row[field]
  return value === null || value === undefined ? null : text(row, field)
}

function text(row: SourceUser, field: TextField): string {
  const value = readText(row[field])
  if (value === undefined) throw new InvalidFieldError(field, row[field] === null ? 'null' : 'not a text')
  if (value.includes('\0')) throw new InvalidFieldError(field, 'holds a NUL character')
  if (value.length > MAX_TEXT && lengthOf(value) > MAX_TEXT)
    throw new InvalidFieldError(field, `longer than ${MAX_TEXT} characters`)
  return value
}

function name(row: SourceUser, field: 'username' | 'email'): string {
  const value = text(row, field)
  if (value.trim() === '') throw new InvalidFieldError(field, 'blank')
  return value
}

function truth(row: SourceUser, field: UserField, fallback: boolean): boolean {
  const value = row[field] === undefined ? fallback : readBoolean(row[field])
  if (value === undefined)
    throw new InvalidFieldError(field, row[field] === null ? 'null' : 'not true or false')
  return value
}

function time(row: SourceUser, field: UserField): number {
  const value = readTime(row[field])
  if (value === undefined) throw new InvalidFieldError(field, row[field] === null ? 'null' : 'not a time')
  return value
}
