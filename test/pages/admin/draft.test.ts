import t from 'tap'
import type { User } from '../../../pages/admin/api/user.ts'
import { changesOf, conflictsOf, draftOf, rebase } from '../../../pages/admin/user/draft.ts'

const ANA = {
  id: 7,
  username: 'ana',
  email: 'ana@example.com',
  first_name: 'Ana',
  last_name: '',
  number_phone: null
} as unknown as User

t.test('what is sent is what differs, and no phone is null', async (t) => {
  t.strictSame(changesOf(draftOf(ANA), ANA), {})
  t.strictSame(changesOf({ ...draftOf(ANA), last_name: 'Ruiz' }, ANA), { last_name: 'Ruiz' })
  const withPhone = { ...ANA, number_phone: '5512345678' }
  t.strictSame(changesOf({ ...draftOf(withPhone), number_phone: '' }, withPhone), { number_phone: null })
})

t.test('what came meanwhile is taken over where nothing was typed', async (t) => {
  const old = draftOf(ANA)
  const now = { ...old, first_name: 'Theirs', last_name: 'Ruiz', email: 'a@example.com' }
  const draft = { ...old, first_name: 'Mine', email: 'a@example.com' }
  t.strictSame(rebase(draft, old, now), { ...now, first_name: 'Mine' })
  t.strictSame(conflictsOf(draft, old, now), ['first_name'], 'the same change is no conflict')
  t.strictSame(conflictsOf(old, old, now), [])
})
