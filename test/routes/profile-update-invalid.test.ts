import t from 'tap'
import { buildTestApp } from '../helper.ts'

const x = (count: number) => 'x'.repeat(count)
const USERNAME =
  'Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.'
const EMAIL = 'This field must be a valid email address.'
const NOT_A_FILE = 'The submitted data was not a file. Check the encoding type on the form.'
const tooLong = (limit: number) => `Ensure this field has no more than ${limit} characters.`

const invalid: [name: string, body: unknown, answer: object][] = [
  ['an email that is none', { email: 'nope' }, { email: [EMAIL] }],
  ['an email over 200', { email: `${x(60)}@${`${x(60)}.`.repeat(3)}com` }, { email: [tooLong(200)] }],
  ['an email that is too long and none', { email: x(201) }, { email: [tooLong(200), EMAIL] }],
  ['a blank email', { email: ' ' }, { email: ['This field may not be blank.'] }],
  ['a null email', { email: null }, { email: ['This field may not be null.'] }],
  ['a list for an email', { email: ['a@b.co'] }, { email: [EMAIL] }],
  ['a username over 150', { username: x(151) }, { username: [tooLong(150)] }],
  ['a username with a space', { username: 'a b' }, { username: [USERNAME] }],
  ['a username with a combining mark', { username: 'का' }, { username: [USERNAME] }],
  ['a blank username', { username: '   ' }, { username: ['This field may not be blank.'] }],
  ['a null username', { username: null }, { username: ['This field may not be null.'] }],
  ['a list for a name', { first_name: ['x'] }, { first_name: ['Not a valid string.'] }],
  ['an object for a name', { first_name: { a: 1 } }, { first_name: ['Not a valid string.'] }],
  ['true for a name', { first_name: true }, { first_name: ['Not a valid string.'] }],
  ['a null name', { last_name: null }, { last_name: ['This field may not be null.'] }],
  ['a first name over 200', { first_name: x(201) }, { first_name: [tooLong(200)] }],
  ['201 emoji', { first_name: '😀'.repeat(201) }, { first_name: [tooLong(200)] }],
  ['a last name of 100,000', { last_name: x(100_000) }, { last_name: [tooLong(200)] }],
  ['a phone over 10', { number_phone: '12345678901' }, { number_phone: [tooLong(10)] }],
  ['a number for a phone that is too long', { number_phone: 12345678901 }, { number_phone: [tooLong(10)] }],
  ['U+0000', { first_name: 'a\u0000b' }, { first_name: ['Null characters are not allowed.'] }],
  [
    'a lone surrogate',
    { first_name: 'a\ud800b' },
    { first_name: ['Surrogate characters are not allowed: U+D800.'] }
  ],
  ['a text for the avatar', { avatar: '/etc/passwd' }, { avatar: [NOT_A_FILE] }],
  [
    'what looks like a file',
    { avatar: { path: '/etc/passwd', bytes: 3, file: {}, _buf: 'x' } },
    { avatar: [NOT_A_FILE] }
  ],
  ['a list', [1], { non_field_errors: ['Invalid data. Expected a dictionary, but got list.'] }],
  ['a text', 'x', { non_field_errors: ['Invalid data. Expected a dictionary, but got str.'] }],
  ['a number', 0, { non_field_errors: ['Invalid data. Expected a dictionary, but got int.'] }],
  ['a fraction', 1.5, { non_field_errors: ['Invalid data. Expected a dictionary, but got float.'] }],
  ['a boolean', false, { non_field_errors: ['Invalid data. Expected a dictionary, but got bool.'] }],
  ['null', null, { non_field_errors: ['No data provided'] }],
  [
    'all fields at once',
    { username: '', email: 'x', first_name: null, last_name: x(201), number_phone: true, avatar: 'x' },
    {
      username: ['This field may not be blank.'],
      email: [EMAIL],
      first_name: ['This field may not be null.'],
      last_name: [tooLong(200)],
      number_phone: ['Not a valid string.'],
      avatar: [NOT_A_FILE]
    }
  ]
]

t.test('what is invalid gets 400 with its sentences, and nothing is written', async (t) => {
  const { signUp, update, row } = await buildTestApp(t)
  const ada = await signUp()
  const before = row(ada.id)
  for (const [name, json, answer] of invalid) {
    const response = await update(ada, { json })
    t.equal(response.statusCode, 400, name)
    t.strictSame(response.json(), answer, name)
    t.strictSame(row(ada.id), before, name)
  }
})

t.test('forms get the same sentences', async (t) => {
  const { signUp, update, row, uploads } = await buildTestApp(t)
  const ada = await signUp()
  const before = row(ada.id)
  const cases: [Parameters<typeof update>[1], object][] = [
    [{ urlencoded: 'username=&email=x' }, { username: ['This field may not be blank.'], email: [EMAIL] }],
    [{ form: [['number_phone', '12345678901']] }, { number_phone: [tooLong(10)] }],
    [{ urlencoded: 'avatar=x' }, { avatar: [NOT_A_FILE] }],
    [{ form: [['avatar', 'x.png']] }, { avatar: [NOT_A_FILE] }],
    [{ form: [['first_name', { bytes: Buffer.from('x') }]] }, { first_name: ['Not a valid string.'] }]
  ]
  for (const [body, answer] of cases) {
    const response = await update(ada, body)
    t.equal(response.statusCode, 400)
    t.strictSame(response.json(), answer)
  }
  t.strictSame(row(ada.id), before)
  t.strictSame(uploads(), [])
})

t.test('a taken email is refused alone, whatever its case', async (t) => {
  const { signUp, update, row } = await buildTestApp(t)
  const [ada, bob] = [await signUp(), await signUp()]
  const before = row(ada.id)
  const response = await update(ada, { json: { email: bob.email.toUpperCase(), first_name: 'written?' } })
  t.equal(response.statusCode, 400)
  t.strictSame(response.json(), { email: ['A user with that email already exists.'] })
  t.strictSame(row(ada.id), before)
})

t.test('taken names are reported beside everything else that is wrong', async (t) => {
  const { signUp, update, row } = await buildTestApp(t)
  const [ada, bob] = [await signUp(), await signUp()]
  const before = row(ada.id)
  const json = { username: bob.username.toUpperCase(), email: bob.email.toUpperCase(), first_name: x(201) }
  t.strictSame((await update(ada, { json })).json(), {
    username: ['A user with that username already exists.'],
    email: ['A user with that email already exists.'],
    first_name: [tooLong(200)]
  })
  t.strictSame((await update(ada, { json: { username: bob.username, email: bob.email } })).json(), {
    username: ['A user with that username already exists.'],
    email: ['A user with that email already exists.']
  })
  t.strictSame(row(ada.id), before)
})

t.test('a body that can’t be parsed says so, without repeating what it holds', async (t) => {
  const { signUp, update } = await buildTestApp(t)
  const ada = await signUp()
  const type = { 'content-type': 'application/json' }
  const malformed = ['{', '{"a":}', "{'a':1}", '{"a":1,}', 'hunter2', '   ', '{"a":1} x', '{"a":"\\x"}']
  for (const body of [...malformed, Buffer.from('{"first_name":"\xff\xfe"}', 'latin1')]) {
    const response = await update(ada, { body, headers: type })
    t.equal(response.statusCode, 400, String(body))
    t.match(response.json().detail, /^JSON parse error - /)
    t.notMatch(response.body, /hunter2/)
  }
})

t.test('where JSON is malformed is said', async (t) => {
  const { signUp, update } = await buildTestApp(t)
  const ada = await signUp()
  const cases: [body: string | Buffer, reason: string][] = [
    ['{"first_name": hunter2}', 'malformed, or cut short'],
    ['{"first_name":"hunter2"', 'malformed at position 23'],
    ['', ''],
    ['{', 'malformed at position 1'],
    [Buffer.from('"\xff"', 'latin1'), 'the body is not UTF-8']
  ]
  for (const [body, reason] of cases) {
    const response = await update(ada, { body, headers: { 'content-type': 'application/json' } })
    if (reason === '') t.equal(response.statusCode, 200)
    else t.strictSame(response.json(), { detail: `JSON parse error - ${reason}` })
  }
})

t.test('multipart that can’t be parsed says so', async (t) => {
  const { signUp, update, row, uploads } = await buildTestApp(t)
  const ada = await signUp()
  const before = row(ada.id)
  const part = '--x\r\nContent-Disposition: form-data; name="first_name"\r\n\r\nwritten?'
  const file = '--x\r\nContent-Disposition: form-data; name="avatar"; filename="a.jpg"\r\n\r\nhalf a'
  const cases: [string, string][] = [
    ['multipart/form-data', `${part}\r\n--x--\r\n`],
    ['multipart/form-data; boundary=x', part],
    ['multipart/form-data; boundary=x', file],
    ['multipart/form-data; boundary=x', 'no parts at all'],
    ['multipart/form-data; boundary=y', `${part}\r\n--x--\r\n`],
    [
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="__proto__"\r\n\r\ny\r\n--x--\r\n'
    ]
  ]
  for (const [type, body] of cases) {
    const response = await update(ada, { body, headers: { 'content-type': type } })
    t.equal(response.statusCode, 400, body)
    t.match(response.json().detail, /^Multipart form parse error - /)
  }
  t.strictSame(row(ada.id), before)
  t.strictSame(uploads(), [])
})

t.test('a content type that is not taken is named as it came', async (t) => {
  const { signUp, update, row } = await buildTestApp(t)
  const ada = await signUp()
  const before = row(ada.id)
  const types = [
    'text/plain',
    'garbage',
    'image/png',
    'multipart/mixed; boundary=x',
    'application/jsonx',
    'application/ json',
    ''
  ]
  for (const type of types) {
    const response = await update(ada, {
      body: '{"first_name":"written?"}',
      headers: { 'content-type': type }
    })
    t.equal(response.statusCode, 415, type)
    t.strictSame(response.json(), { detail: `Unsupported media type "${type}" in request.` })
  }
  t.strictSame(row(ada.id), before)
  t.equal(
    (await update(ada, { body: '{}', headers: { 'content-type': 'APPLICATION/JSON; charset=utf-8' } }))
      .statusCode,
    200
  )
})

t.test('a body over the limit is refused, whatever its type', async (t) => {
  const { signUp, update, row } = await buildTestApp(t)
  const ada = await signUp()
  const before = row(ada.id)
  const big = x(1_100_000)
  const bodies = [
    { json: { first_name: big } },
    { urlencoded: `first_name=${big}` },
    { form: [['first_name', big]] as [string, string][] }
  ]
  for (const body of bodies) {
    const response = await update(ada, body)
    t.equal(response.statusCode, 413)
    t.strictSame(response.json(), { detail: 'The request body is too large.' })
  }
  const many = Array.from({ length: 101 }, (_, index) => [`field${index}`, 'x'] as [string, string])
  t.equal((await update(ada, { form: many })).statusCode, 413)
  t.strictSame(row(ada.id), before)
})
