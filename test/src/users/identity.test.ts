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
    ['²', '2'],
    ['İMIR', 'imir', 'i\u0307mir'],
    ['alice', 'аlice', 'аlісе', 'ΑLICE', 'ＡLICE', 'аⅼісе'],
    ['scope', 'ѕсоре', 'ЅСОРЕ', 'sсope'],
    ['admin', 'аdmin', 'ad\u200dmin', 'ad\u00admin', '\u202eadmin', 'ad\ufe0fmin'],
    ['ёлка', 'ЁЛКА', 'е\u0308лка'],
    ['ëlka', 'ёlka']
  ]
  for (const names of same) t.equal(new Set(names.map(identityKey)).size, 1, names.join(' '))
})

t.test('what differs keeps keys of its own', async (t) => {
  const names = [
    'ada',
    'a.da',
    'áda',
    'ada1',
    'adal',
    'ado',
    'ad0',
    'адам',
    'адан',
    'адаһ',
    'имя',
    'νυ',
    'уν',
    'דן',
    'דו',
    '王',
    '玉'
  ]
  t.equal(new Set(names.map(identityKey)).size, names.length)
})

t.test('no two letters of one script look like the same one', async (t) => {
  for (const script of ['Cyrillic', 'Greek', 'Armenian', 'Cherokee', 'Hebrew', 'Arabic', 'Thai']) {
    const isOfScript = new RegExp(`^\\p{Script=${script}}$`, 'u')
    const letters = new Map<string, string>()
    for (let code = 0x80; code < 0x1_0000; code++) {
      const letter = String.fromCodePoint(code)
      const lower = letter.toLowerCase().toUpperCase().toLowerCase()
      if (!isOfScript.test(letter) || letter !== lower || letter.normalize('NFKD') !== letter) continue
      if (!/\p{L}/u.test(letter)) continue
      const key = identityKey(letter)
      t.notOk(letters.has(key), `${letter} and ${letters.get(key)}`)
      letters.set(key, letter)
    }
    t.ok(letters.size > 30, script)
  }
})

t.test('a key is the key of itself', async (t) => {
  for (const name of [
    'İstanbul',
    'ŉ',
    'ΐ',
    'ǰ',
    'ẖ',
    'ﬃ',
    'Ω',
    'K',
    'Å',
    '𝔸da',
    'Вова',
    'İ',
    'ϳ',
    'Ꮜ',
    'ῼ',
    'ſ'
  ]) {
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
