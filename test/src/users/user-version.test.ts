import t from 'tap'
import type { MediaKey } from '../../../src/avatars/media-store.ts'
import type { User, UserId } from '../../../src/users/user.ts'
import { rememberedVersion, userVersion } from '../../../src/users/user-version.ts'

const ADA: User = {
  id: 7 as UserId,
  username: 'ada',
  email: 'ada@example.com',
  firstName: 'Ada',
  lastName: '',
  numberPhone: null,
  avatar: null,
  dateJoined: 1_700_000_000_000,
  lastLogin: null,
  isActive: true,
  isStaff: false,
  isSuperuser: false,
  tokenEpoch: 0,
  extra: null
}

const OTHERS: Partial<User>[] = [
  { id: 8 as UserId },
  { username: 'Ada' },
  { email: 'ada@example.org' },
  { firstName: '' },
  { lastName: 'Ada', firstName: '' },
  { lastName: 'King' },
  { numberPhone: '' },
  { numberPhone: 'null' },
  { avatar: '1.jpg' as MediaKey },
  { dateJoined: 1_700_000_000_001 },
  { lastLogin: 0 },
  { lastLogin: 5 },
  { isActive: false },
  { isStaff: true },
  { isSuperuser: true },
  { extra: {} },
  { extra: { bio: null } },
  { extra: { bio: 'null' } },
  { extra: { bio: '1' } },
  { extra: { bio: 1 } }
]

t.test('every state of a user has a version of its own', async (t) => {
  const versions = [ADA, ...OTHERS.map((over) => ({ ...ADA, ...over }))].map(userVersion)
  t.equal(new Set(versions).size, OTHERS.length + 1)
  for (const version of versions) t.match(version, /^[\w-]{22}$/)
})

t.test('what answers don’t show has no part in it, and neither has the order of an object', async (t) => {
  const version = userVersion(ADA)
  t.equal(version, 'SBBZOJjo9mI4C39wxRlldn', 'nodes of two releases agree')
  t.equal(userVersion({ ...ADA, tokenEpoch: 9 }), version)
  t.equal(userVersion({ ...ADA, passwordHash: 'a hash' } as User), version)
  const turned = Object.fromEntries(Object.entries(ADA).reverse()) as unknown as User
  t.equal(userVersion(turned), version)
})

t.test('a version that is remembered is that of its object', async (t) => {
  for (const user of [ADA, { ...ADA, firstName: 'x' }, { ...ADA }])
    for (let time = 0; time < 2; time++) t.equal(rememberedVersion(user), userVersion(user))
})
