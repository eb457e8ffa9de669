import t from 'tap'
import { identityKey, identityKeys } from '../../../src/users/identity.ts'
import { parseUserId } from '../../../src/users/user.ts'

t.test('what counts as one name has one key', async (t) => {
  const same = [
    ['ada', 'ADA', 'Ada', 'ａｄａ', 'ＡＤＡ'],
    ['straße', 'STRASSE', 'Straße', 'STRAẞE'],
    ['ñandú', 'ÑANDÚ', 'n\u0303andu\u0301'],
    ['ımir', 'Imir', 'imir'],
    ['ὈΔΥΣΣΕΎΣ', 'ὀδυσσεύς', 'ὀδυσσεύσ'],
    ['ﬁn', 'FIN', 'fin'],
    ['²', '2']
  ]
  for (const names of same) t.equal(new Set(names.map(identityKey)).size, 1, names.join(' '))
})

t.test('what differs keeps keys of its own', async (t) => {
  const names = ['ada', 'adа', 'a.da', 'áda', 'ada1', 'adal', 'a\u200dda']
  t.equal(new Set(names.map(identityKey)).size, names.length)
})

t.test('a key is the key of itself', async (t) => {
  for (const name of ['İstanbul', 'ŉ', 'ΐ', 'ǰ', 'ẖ', 'ﬃ', 'Ω', 'K', 'Å', '𝔸da']) {
    t.equal(identityKey(identityKey(name)), identityKey(name), name)
  }
})

t.test('names that are not given have no key', async (t) => {
  t.strictSame(identityKeys({}), {})
  t.strictSame(identityKeys({ email: 'A@B.co' }), { emailKey: 'a@b.co' })
  t.strictSame(identityKeys({ username: 'Ada', email: 'A@B.co' }), { usernameKey: 'ada', emailKey: 'a@b.co' })
})

t.test('an id is a positive safe integer, or its decimal text', async (t) => {
  for (const value of [7, '7', '007', 7.0]) t.equal(parseUserId(value), 7)
  t.equal(parseUserId(Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER)
  const none = [
    0,
    -1,
    1.5,
    1e30,
    '0',
    '-1',
    '1.5',
    '1e3',
    '0x1',
    ' 1',
    '',
    '9'.repeat(16),
    '9'.repeat(40),
    null,
    true,
    [1],
    {}
  ]
  for (const value of none) t.equal(parseUserId(value), undefined, JSON.stringify(value))
})
