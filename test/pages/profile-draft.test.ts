import t from 'tap'
import {
  changesOf,
  conflictsOf,
  type Draft,
  keepMine,
  settle,
  takeTheirs,
  type,
  withoutSaved
} from '../../pages/account/profile/draft.ts'

const ADA = {
  username: 'ada',
  email: 'ada@example.com',
  first_name: 'Ada',
  last_name: '',
  number_phone: null
}

t.test('a draft has what differs from the profile, and sends that alone', async (t) => {
  const draft = type(type({}, ADA, 'first_name', 'Augusta'), ADA, 'number_phone', '123')
  t.strictSame(changesOf(draft), { first_name: 'Augusta', number_phone: '123' })
  t.strictSame(changesOf(type(draft, ADA, 'first_name', 'Ada')), { number_phone: '123' }, 'typed back')
  t.strictSame(changesOf(type({}, ADA, 'number_phone', '')), {}, 'none is as good as empty')
  const withNumber = { ...ADA, number_phone: '123' }
  t.strictSame(changesOf(type({}, withNumber, 'number_phone', '')), { number_phone: null })
  t.strictSame(changesOf(type({}, ADA, 'first_name', '')), { first_name: '' })
})

t.test('a conflict is where a field was typed in and changed elsewhere, to something else', async (t) => {
  const draft = type(type({}, ADA, 'first_name', 'Augusta'), ADA, 'last_name', 'King')
  const cases: [string, object, string[]][] = [
    ['nothing', {}, []],
    ['another field', { email: 'countess@example.com', number_phone: '123' }, []],
    ['a field that was typed in', { first_name: 'A.' }, ['first_name']],
    ['both', { first_name: 'A.', last_name: 'Byron' }, ['first_name', 'last_name']],
    ['to the same', { first_name: 'Augusta' }, []],
    ['to nothing', { first_name: '' }, ['first_name']]
  ]
  for (const [what, changes, conflicts] of cases) {
    const user = { ...ADA, ...changes }
    t.strictSame(conflictsOf(settle(draft, user), user), conflicts, what)
  }
})

t.test('whichever value is chosen, the conflict is over until the next change', async (t) => {
  const draft = type({}, ADA, 'first_name', 'Augusta')
  const changed = { ...ADA, first_name: 'A.' }
  const mine = keepMine(draft, changed, 'first_name')
  t.strictSame(conflictsOf(mine, changed), [])
  t.strictSame(changesOf(mine), { first_name: 'Augusta' })
  t.strictSame(conflictsOf(mine, { ...ADA, first_name: 'B.' }), ['first_name'])
  t.strictSame(takeTheirs(draft, 'first_name'), {})
  t.strictSame(
    conflictsOf(type(draft, changed, 'first_name', 'Augusta Ada'), changed),
    ['first_name'],
    'to type on is no choice'
  )
})

t.test('what is typed while the rest is saved is a change of what was saved', async (t) => {
  const sent: Draft = type(type({}, ADA, 'first_name', 'Augusta'), ADA, 'last_name', ' King ')
  const now = type(sent, ADA, 'first_name', 'Augusta Ada')
  const saved = { ...ADA, first_name: 'Augusta', last_name: 'King' }
  const left = withoutSaved(now, sent, saved)
  t.strictSame(changesOf(left), { first_name: 'Augusta Ada' })
  t.strictSame(conflictsOf(left, saved), [])
})
