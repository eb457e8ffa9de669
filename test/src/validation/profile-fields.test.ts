import { type TSchema, Type } from '@sinclair/typebox'
import t from 'tap'
import { createBodyCompiler, InvalidBodyError } from '../../../src/validation/body-validator.ts'
import { readProfileFields } from '../../../src/validation/profile-fields.ts'

/** What becomes of a value of a field: what is stored, or what is said. */
function judge(schema: TSchema, value: unknown): { stored: unknown } | { said: string[] } {
  const { bodies } = readProfileFields(Type.Object({ field: schema }))
  const outcome = createBodyCompiler()(Type.Object({ ...bodies }))({ field: value })
  if ('value' in outcome) return { stored: (outcome.value as { field: unknown }).field }
  if (outcome.error instanceof InvalidBodyError) return { said: outcome.error.fields.field ?? [] }
  throw outcome.error
}

const Bio = Type.String({ maxLength: 5 })
const Handle = Type.String({ minLength: 2, pattern: '^[a-z]+$' })
const Age = Type.Integer({ minimum: 1, maximum: 150 })
const Score = Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 })
const Locale = Type.Union([Type.Literal('en'), Type.Literal('de')])
const Size = Type.Union([Type.Literal(1), Type.Literal(2), Type.Null()])
const Tags = Type.Array(Type.String({ maxLength: 3 }), { minItems: 1, maxItems: 2, uniqueItems: true })
const Place = Type.Object(
  { city: Type.String(), zip: Type.Optional(Type.Integer()) },
  { additionalProperties: false }
)
const Pair = Type.Tuple([Type.Integer(), Type.String({ maxLength: 3 })])
const Both = Type.Intersect([Type.Object({ a: Type.Integer() }), Type.Object({ b: Type.String() })])
const MaybeBio = Type.Union([Type.String({ maxLength: 5 }), Type.Null()])
const MaybeAge = Type.Union([Type.Integer(), Type.Null()])
const MaybePlace = Type.Union([Place, Type.Null()])
const Either = Type.Union([Type.Integer(), Type.Array(Type.Integer())])

const TAKEN: [name: string, schema: TSchema, value: unknown, stored: unknown][] = [
  ['a text is trimmed', Bio, ' hi ', 'hi'],
  ['a number is its text', Bio, 12, '12'],
  ['a blank text where the schema lets it', Bio, '  ', ''],
  ['length counts code points', Bio, '😀😀😀😀😀', '😀😀😀😀😀'],
  ['null where it may be', MaybeBio, null, null],
  ['an empty text stays one where texts may be', MaybeBio, '', ''],
  ['an integer', Age, 36, 36],
  ['an integer of a form', Age, '36', 36],
  ['an integer of a form with a point', Age, ' 36.0 ', 36],
  ['an empty value of a form is null where that may be', MaybeAge, '', null],
  ['a number of a form', Score, '.5', 0.5],
  ['a number with an exponent', Score, '5e-1', 0.5],
  ...['true', 'TRUE', 'on', '1', 'yes', 't', 1, true].map((value): [string, TSchema, unknown, unknown] => [
    `yes as ${value}`,
    Type.Boolean(),
    value,
    true
  ]),
  ...['false', 'Off', '0', 'n', 0, false].map((value): [string, TSchema, unknown, unknown] => [
    `no as ${value}`,
    Type.Boolean(),
    value,
    false
  ]),
  ['a choice', Locale, 'de', 'de'],
  ['a choice of numbers, of a form', Size, '2', 2],
  ['no choice', Size, null, null],
  ['no choice of a form', Size, '', null],
  ['an enum of TypeScript', Type.Enum({ A: 'a', B: 'b' }), 'b', 'b'],
  ['a list', Tags, ['a', 'b'], ['a', 'b']],
  ['a list of a form', Tags, '["a"]', ['a']],
  ['an object', Place, { city: 'Oslo' }, { city: 'Oslo' }],
  ['an object of a form', Place, '{"city":"Oslo","zip":7}', { city: 'Oslo', zip: 7 }],
  ['an object or null', MaybePlace, null, null],
  ['one of several kinds', Either, [1], [1]],
  ['an object with names of its own choice', Type.Record(Type.String(), Type.Integer()), { a: 1 }, { a: 1 }],
  ['a tuple', Pair, [1, 'abc'], [1, 'abc']],
  ['two objects in one', Both, { a: 1, b: 'x' }, { a: 1, b: 'x' }],
  ['a URL', Type.String({ format: 'uri' }), 'https://example.com/a', 'https://example.com/a'],
  ['a date', Type.String({ format: 'date' }), '2024-02-29', '2024-02-29'],
  ['anything', Type.Unknown(), { a: [1, null] }, { a: [1, null] }]
]

t.test('values are read as Django REST Framework reads them, of JSON and of forms', async (t) => {
  for (const [name, schema, value, stored] of TAKEN) t.strictSame(judge(schema, value), { stored }, name)
})

const REFUSED: [schema: TSchema, value: unknown, said: string][] = [
  [Bio, 'abcdef', 'Ensure this field has no more than 5 characters.'],
  [Bio, true, 'Not a valid string.'],
  [Bio, ['a'], 'Not a valid string.'],
  [Bio, null, 'This field may not be null.'],
  [Bio, 'a\0', 'Null characters are not allowed.'],
  [Bio, 'a\ud800', 'Surrogate characters are not allowed: U+D800.'],
  [Handle, '', 'This field may not be blank.'],
  [Handle, 'a', 'Ensure this field has at least 2 characters.'],
  [Handle, 'A B', 'This value does not match the required pattern.'],
  [Age, 'old', 'A valid integer is required.'],
  [Age, 1.5, 'A valid integer is required.'],
  [Age, true, 'A valid integer is required.'],
  [Age, '', 'A valid integer is required.'],
  [Age, null, 'This field may not be null.'],
  [Age, 0, 'Ensure this value is greater than or equal to 1.'],
  [Age, '151', 'Ensure this value is less than or equal to 150.'],
  [Score, 0, 'Ensure this value is greater than 0.'],
  [Score, '1.0', 'Ensure this value is less than 1.'],
  [Score, 'NaN', 'A valid number is required.'],
  [Score, '1e999', 'A valid number is required.'],
  [Type.Integer({ multipleOf: 5 }), 7, 'Ensure this value is a multiple of step size 5.'],
  [Type.Boolean(), 'maybe', 'Must be a valid boolean.'],
  [Type.Boolean(), 2, 'Must be a valid boolean.'],
  [Type.Boolean(), null, 'This field may not be null.'],
  [Locale, 'fr', '"fr" is not a valid choice.'],
  [Locale, ['de'], '"list" is not a valid choice.'],
  [Locale, null, '"None" is not a valid choice.'],
  [Locale, 'x'.repeat(300), `"${'x'.repeat(100)}" is not a valid choice.`],
  [Tags, 'abc', 'Expected a list of items but got type "str".'],
  [Tags, { a: 1 }, 'Expected a list of items but got type "dict".'],
  [Tags, [], 'Ensure this field has at least 1 elements.'],
  [Tags, ['a', 'b', 'c'], 'Ensure this field has no more than 2 elements.'],
  [Tags, ['a', 'a'], 'Ensure no element comes twice.'],
  [Tags, [7], 'Not a valid string.'],
  [Tags, ['abcd'], 'Ensure this field has no more than 3 characters.'],
  [Tags, ['\0'], 'Null characters are not allowed.'],
  [Place, 'Oslo', 'Expected a dictionary of items but got type "str".'],
  [Place, [1], 'Expected a dictionary of items but got type "list".'],
  [Place, {}, '"city" is required.'],
  [Place, { city: 'Oslo', admin: true }, '"admin" is not a known name.'],
  [Place, { city: 'a\udc00' }, 'Surrogate characters are not allowed: U+DC00.'],
  [MaybePlace, 7, 'Expected a dictionary of items but got type "int".'],
  [Either, 'x', 'Not a valid value.'],
  [Pair, [1, 'abcd'], 'Ensure this field has no more than 3 characters.'],
  [Pair, [1, '\0'], 'Null characters are not allowed.'],
  [Pair, [1], 'Ensure this field has at least 2 elements.'],
  [Type.Object({}, { additionalProperties: Type.String() }), { a: '\0' }, 'Null characters are not allowed.'],
  [Both, { a: 1 }, '"b" is required.'],
  [Both, { a: 1, b: '\0' }, 'Null characters are not allowed.'],
  [Type.String({ format: 'uri' }), 'nowhere', 'Enter a valid URL.'],
  [Type.String({ format: 'email' }), 'nobody', 'This field must be a valid email address.'],
  [
    Type.String({ format: 'date' }),
    '2023-02-29',
    'Date has wrong format. Use one of these formats instead: YYYY-MM-DD.'
  ],
  [Type.String(), 'x'.repeat(65_535), 'Ensure this field has no more than 65536 bytes.'],
  [Type.String(), '😀'.repeat(17_000), 'Ensure this field has no more than 65536 bytes.']
]

t.test('and refused in its sentences, one for each mistake', async (t) => {
  for (const [schema, value, said] of REFUSED)
    t.strictSame(
      judge(schema, value),
      { said: [said] },
      `${JSON.stringify(schema)}: ${String(value).slice(0, 20)}`
    )
})

t.test('a value that is nested deeper than can be written is refused', async (t) => {
  let deep: unknown = 1
  for (let depth = 0; depth < 100_000; depth++) deep = [deep]
  t.strictSame(judge(Type.Unknown(), deep), { said: ['Ensure this field has no more than 65536 bytes.'] })
})

t.test('an object in a form pollutes nothing', async (t) => {
  const Anything = Type.Record(Type.String(), Type.Unknown())
  t.strictSame(judge(Anything, '{"__proto__":{"admin":true},"a":1}'), { stored: { a: 1 } })
  t.equal(Reflect.get({}, 'admin'), undefined)
})

const WRONG: [fields: unknown, expected: RegExp][] = [
  [{ bio: Type.String() }, /expected an object of TypeBox's/],
  [Type.String(), /expected an object of TypeBox's/],
  [null, /expected an object of TypeBox's/],
  ...['username', 'id', 'is_staff', 'password', 'detail', 'non_field_errors', 'constructor', 'toString'].map(
    (name): [unknown, RegExp] => [
      Type.Object({ [name]: Type.String() }),
      new RegExp(`the name "${name}" is taken`)
    ]
  ),
  [Type.Object({ ['__proto__']: Type.String() }), /is no name/],
  [Type.Object({ 'first name': Type.String() }), /"first name" is no name/],
  [Type.Object({ when: Type.String({ format: 'fortnight' }) }), /"when": unknown format "fortnight"/],
  [Type.Object({ self: Type.Recursive((This) => Type.Array(This)) }), /"self": refers to another schema/],
  [Type.Object({ bad: Type.String({ pattern: '(' }) }), /"bad": /]
]

t.test('fields that can’t be used fail at registration, with their name', async (t) => {
  for (const [fields, expected] of WRONG)
    t.throws(() => readProfileFields(fields as never), {
      code: 'FST_USER_PROFILE_OPTION',
      message: expected
    } as never)
})
