import { hash } from 'node:crypto'
import type { UserValues } from './candidate.ts'
import { USER_FIELDS, type UserField } from './user-fields.ts'

/**
 * What a user's fields were when they were last imported, six bytes for each, one byte a character: enough to tell whether
 * one was changed since, by chance missed once in 2^48 times. Texts are hashed; the rest is small enough to stand as it is.
 */
export type Fingerprints = Record<UserField, string>

const BYTES = 6
const NONE = '\xff'.repeat(BYTES)
const EMPTY = '\0'.repeat(BYTES)
const ON = '\x01'.padEnd(BYTES, '\0')

/** Of one value. Undefined and null are the same: there is none. */
export function fingerprint(value: UserValues[UserField]): string {
  if (value === null || value === undefined) return NONE
  if (typeof value === 'boolean') return value ? ON : EMPTY
  if (typeof value === 'number') return digits(value)
  return value === '' ? EMPTY : hash('sha256', value, 'binary').slice(0, BYTES)
}

export const fingerprintAll = (values: UserValues): Fingerprints =>
  fromFields((field) => fingerprint(values[field]))

/** As they are stored, in the order of `USER_FIELDS`. */
export const packFingerprints = (fingerprints: Fingerprints): Uint8Array =>
  Buffer.from(USER_FIELDS.map((field) => fingerprints[field]).join(''), 'latin1')

/** The reverse. Of bytes of another length, every field counts as changed. */
export function unpackFingerprints(packed: Uint8Array): Fingerprints {
  const text = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength).toString('latin1')
  let start = -BYTES
  return fromFields(() => {
    start += BYTES
    return text.slice(start, start + BYTES)
  })
}

/** Milliseconds in six bytes, of which times of 8,900 years have one each. */
function digits(milliseconds: number): string {
  let rest = milliseconds + 2 ** 46
  let bytes = ''
  for (let index = 0; index < BYTES; index++) {
    bytes += String.fromCharCode(rest % 256)
    rest = Math.floor(rest / 256)
  }
  return bytes
}

function fromFields(of: (field: UserField) => string): Fingerprints {
  return {
    username: of('username'),
    email: of('email'),
    password: of('password'),
    first_name: of('first_name'),
    last_name: of('last_name'),
    number_phone: of('number_phone'),
    avatar: of('avatar'),
    is_active: of('is_active'),
    is_staff: of('is_staff'),
    is_superuser: of('is_superuser'),
    date_joined: of('date_joined'),
    last_login: of('last_login')
  }
}
