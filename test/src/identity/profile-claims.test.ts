import t from 'tap'
import { Email, FirstName, LastName, Username } from '../../../routes/schemas/fields.ts'
import { DEFAULT_CLAIMS } from '../../../src/identity/jwks-options.ts'
import { MAX_CHARACTERS, readProfile } from '../../../src/identity/profile-claims.ts'
import { isUsername } from '../../../src/validation/text-formats.ts'

const read = (claims: Record<string, unknown>, names = DEFAULT_CLAIMS) => readProfile(claims, names)

t.test('texts may be as long as an update’s', (t) => {
  const fields = { username: Username, email: Email, firstName: FirstName, lastName: LastName }
  t.strictSame(
    MAX_CHARACTERS,
    Object.fromEntries(Object.entries(fields).map(([name, { maxLength }]) => [name, maxLength]))
  )
  t.end()
})

t.test('an email is taken as it is where it is valid and not known to be unverified', (t) => {
  const long = `${'a'.repeat(187)}@example.com`
  const emails: [claims: Record<string, unknown>, email: string | undefined][] = [
    [{ email: 'Ada@Example.com' }, 'Ada@Example.com'],
    [{ email: ' ada@example.com\n' }, 'ada@example.com'],
    [{ email: 'ada@example.com', email_verified: true }, 'ada@example.com'],
    [{ email: 'ada@example.com', email_verified: 'true' }, 'ada@example.com'],
    [{ email: `x${long}` }, `x${long}`],
    [{ email: `xx${long}` }, undefined],
    ...[false, 'false', 0, null, '', 1, {}].map((verified): [Record<string, unknown>, undefined] => [
      { email: 'ada@example.com', email_verified: verified },
      undefined
    ]),
    [{}, undefined],
    [{ email: '' }, undefined],
    [{ email: 'ada' }, undefined],
    [{ email: ['ada@example.com'] }, undefined],
    [{ email: null }, undefined],
    [{ email: 'ada@ex\ud800mple.com' }, undefined],
    [{ email: 'ada\0@example.com' }, undefined]
  ]
  for (const [claims, email] of emails) t.equal(read(claims).email, email, JSON.stringify(claims))
  t.end()
})

t.test('names are cut to their length, and left blank where they can’t be kept', (t) => {
  const names: [claim: unknown, name: string][] = [
    ['Ada', 'Ada'],
    ['  Ada ', 'Ada'],
    ['Ａｄａ', 'Ａｄａ'],
    ['😀'.repeat(201), '😀'.repeat(200)],
    [`${'x'.repeat(199)} y`, 'x'.repeat(199)],
    ['a\0b', ''],
    ['\ud800', ''],
    [7, ''],
    [null, ''],
    [undefined, ''],
    [['Ada'], '']
  ]
  for (const [claim, name] of names)
    t.match(read({ given_name: claim, family_name: claim }), { firstName: name, lastName: name })
  t.end()
})

t.test('a username is cleaned, and what else could be one comes after it', (t) => {
  const email = 'lady.ada@example.com'
  const usernames: [claim: unknown, first: string][] = [
    ['ada', 'ada'],
    ['Ａｄａ', 'Ada'],
    ['Ada Lovelace', 'Ada-Lovelace'],
    [' ada ', 'ada'],
    ['auth0|7', 'auth0-7'],
    ['ada@example.com', 'ada@example.com'],
    ['Ünï٣', 'Ünï٣'],
    ['x'.repeat(151), 'x'.repeat(150)],
    ['<script>', 'script'],
    ['a\ud800b\0c', 'a-b-c'],
    ['', 'lady.ada'],
    ['🙂', 'lady.ada'],
    [7, 'lady.ada'],
    [undefined, 'lady.ada']
  ]
  for (const [claim, first] of usernames) {
    const found = read({ preferred_username: claim, email }).usernames
    t.equal(found[0], first, JSON.stringify(claim))
    t.ok(found.includes('lady.ada'))
    t.match(found.at(-2), /-[0-9a-f]{6}$/)
    t.match(found.at(-1), /^user-[0-9a-f]{16}$/)
    for (const username of found) t.ok(isUsername(username) && [...username].length <= 150, username)
  }
  t.strictSame(read({}).usernames.length, 1)
  t.not(read({}).usernames[0], read({}).usernames[0])
  t.end()
})

t.test('a username that takes long to normalise is cut before', (t) => {
  const [first = ''] = read({ preferred_username: `a${'\u0301\u0316'.repeat(4000)}` }).usernames
  t.ok([...first].length <= 150)
  t.end()
})

t.test('claims are read by the names that are set, and never from what every object has', (t) => {
  const names = {
    ...DEFAULT_CLAIMS,
    username: 'https://example.com/nick',
    email: 'upn',
    firstName: 'constructor'
  }
  const claims = { 'https://example.com/nick': 'ada', upn: 'ada@example.com', email: 'other@example.com' }
  t.match(read(claims, names), { email: 'ada@example.com', usernames: ['ada'], firstName: '' })
  t.end()
})
