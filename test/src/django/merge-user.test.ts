import t from 'tap'
import type { MediaKey } from '../../../src/avatars/media-store.ts'
import type { UserValues } from '../../../src/django/candidate.ts'
import { fingerprintAll, packFingerprints, unpackFingerprints } from '../../../src/django/fingerprints.ts'
import { endsTokens, isSameUser, mergeUser } from '../../../src/django/merge-user.ts'
import { USER_FIELDS, type UserField } from '../../../src/django/user-fields.ts'

const OLD: UserValues = {
  username: 'ada',
  email: 'ada@example.com',
  password: 'hash',
  first_name: '',
  last_name: 'King',
  number_phone: null,
  avatar: null,
  is_active: true,
  is_staff: false,
  is_superuser: false,
  date_joined: 1_700_000_000_000,
  last_login: null
}

const NEW: UserValues = {
  username: 'eve',
  email: 'eve@example.com',
  password: 'other',
  first_name: 'Eve',
  last_name: '',
  number_phone: '',
  avatar: 'eve.png' as MediaKey,
  is_active: false,
  is_staff: true,
  is_superuser: true,
  date_joined: -1,
  last_login: 1_700_000_000_001
}

const OTHER: UserValues = {
  ...NEW,
  username: 'x',
  email: 'x@example.com',
  password: 'x',
  first_name: 'x',
  last_name: 'x',
  number_phone: 'x',
  avatar: 'x.png' as MediaKey,
  date_joined: 5,
  last_login: 5
}

const before = fingerprintAll(OLD)
const withField = (field: UserField, from: UserValues): UserValues => ({ ...OLD, [field]: from[field] })

t.test('fingerprints survive being packed, and tell every change', async (t) => {
  const packed = packFingerprints(before)
  t.equal(packed.byteLength, 72)
  t.strictSame(unpackFingerprints(packed), before)
  t.strictSame(unpackFingerprints(new Uint8Array(Buffer.from(packed))), before)
  const now = fingerprintAll(NEW)
  for (const field of USER_FIELDS) t.not(now[field], before[field], field)
  const none = unpackFingerprints(Buffer.from(''))
  for (const field of USER_FIELDS) t.not(none[field], before[field])
})

for (const field of USER_FIELDS) {
  t.test(`${field} goes by where it was changed`, async (t) => {
    const there = withField(field, NEW)
    const now = { ...before, [field]: fingerprintAll(NEW)[field] }
    t.strictSame(
      mergeUser(OLD, OLD, before, 1),
      { changes: {}, fingerprints: before, conflicts: [] },
      'nowhere'
    )
    const written = { changes: { [field]: NEW[field] }, fingerprints: now, conflicts: [] }
    t.strictSame(mergeUser(there, OLD, before, 1), written, 'there')
    const kept = { changes: {}, fingerprints: before, conflicts: [] }
    t.strictSame(mergeUser(OLD, withField(field, NEW), before, 1), kept, 'here')
    t.strictSame(mergeUser(there, there, before, 1), { ...kept, fingerprints: now }, 'on both sides alike')
    t.strictSame(
      mergeUser({ ...OLD, [field]: undefined }, withField(field, NEW), before, 1),
      kept,
      'not known there'
    )
  })
}

t.test('what was changed on both sides stays, and is told, whatever else is written', async (t) => {
  // What can only be true or false can't be changed in two ways, and of sign-ins the last one counts.
  const manyValued = USER_FIELDS.filter((field) => !field.startsWith('is_') && field !== 'last_login')
  for (const field of manyValued) {
    const theirs = { ...withField(field, NEW), is_staff: true }
    t.strictSame(mergeUser(theirs, withField(field, OTHER), before, 1), {
      changes: { is_staff: true },
      fingerprints: { ...before, is_staff: fingerprintAll(NEW).is_staff },
      conflicts: [field]
    })
  }
})

t.test('the later sign-in is the last', async (t) => {
  const at = (last_login: number | null) => ({ ...OLD, last_login })
  t.strictSame(mergeUser(at(7), at(5), before, 1).changes, { last_login: 7 })
  t.strictSame(mergeUser(at(5), at(7), before, 1).changes, {})
  t.strictSame(mergeUser(at(null), at(7), fingerprintAll(at(5)), 1).changes, {})
  t.strictSame(mergeUser(at(5), at(7), before, 1).conflicts, [])
})

t.test('users are the same in all fields or not at all', async (t) => {
  t.equal(isSameUser(OLD, { ...OLD }), true)
  for (const field of USER_FIELDS) t.equal(isSameUser(OLD, withField(field, NEW)), false, field)
  t.equal(isSameUser({ ...OLD, date_joined: undefined }, OLD), false)
})

t.test('tokens end with another password and with deactivation alone', async (t) => {
  t.equal(endsTokens({ password: 'x' }), true)
  t.equal(endsTokens({ is_active: false }), true)
  t.equal(endsTokens({ is_active: true, username: 'x', is_staff: false }), false)
})

t.test('a hash that was only made anew here is no change of the password', async (t) => {
  const there = withField('password', NEW)
  const here = withField('password', OTHER)
  t.strictSame(mergeUser(OLD, here, before, 0).changes, {})
  t.match(mergeUser(there, here, before, 0), { changes: { password: NEW.password }, conflicts: [] })
  t.match(mergeUser(there, here, before, 1), { changes: {}, conflicts: ['password'] })
})
