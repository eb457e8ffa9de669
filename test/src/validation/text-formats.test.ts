import t from 'tap'
import { isEmail, isUsername } from '../../../src/validation/text-formats.ts'

const good = [
  'a@b.co',
  'a+b@example.com',
  "!#$%&'*+/=?^_`{}|~-@example.com",
  '"quoted"@example.com',
  '"quo\\"ted\\ with\\@"@example.com',
  'a@localhost',
  'a@[127.0.0.1]',
  'a@[::1]',
  'a@xn--espaa-rta.es',
  'a@españa.es',
  'a@b-c.d-e.com',
  'A@EXAMPLE.COM',
  `a@${'b'.repeat(63)}.com`,
  'a@1.com'
]
const bad = [
  '',
  'a',
  '@b.co',
  'a@',
  'a@b',
  'a.example.com',
  '.a@example.com',
  'a.@example.com',
  'a..b@example.com',
  'ñ@example.com',
  'a b@example.com',
  'a@b_c.com',
  'a@-b.com',
  'a@b-.com',
  'a@b..com',
  'a@.com',
  'a@b.com.',
  'a@b.c',
  'a@b.1',
  'a@example.com\n',
  'a@b@c.com',
  '"a@example.com',
  '"a"b"@example.com',
  'a@[127.0.0.999]',
  'a@[localhost]',
  `a@${'b'.repeat(64)}.com`,
  `${'a'.repeat(320)}@b.co`
]

t.test('emails are those of Django’s validator', async (t) => {
  for (const email of good) t.equal(isEmail(email), true, email)
  for (const email of bad) t.equal(isEmail(email), false, email)
})

t.test('usernames are letters and digits of any script, and @ . + - _', async (t) => {
  for (const name of ['ada', 'erika_ñ', '日本', 'a@.+-_9', 'Ⅷ', '٣', 'x'])
    t.equal(isUsername(name), true, name)
  for (const name of ['', 'a b', 'a!', '<b>', 'a\u0301', 'a\u200d', '😀', 'a\n', 'a/b', "a'b"])
    t.equal(isUsername(name), false, name)
})

t.test('long texts are judged in a time that grows with their length only', async (t) => {
  const long = 100_000
  for (const text of [
    'a'.repeat(long),
    `"${'\\'.repeat(long)}`,
    `a@${'a-'.repeat(long)}`,
    `${'a.'.repeat(long)}@b.co`
  ]) {
    t.equal(isEmail(text), false)
  }
})
