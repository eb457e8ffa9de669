import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { buildTestApp, type TestApp } from '../helper.ts'
import { type BodyRoute, bodyRoutes } from './body-routes.ts'
import { contradictionFinder } from './documented.ts'
import { openRows } from './rows.ts'

/**
 * JSON that no client writes, at every route that takes a body: 400 in the interface's shape, and nothing is written; or, of
 * what is JSON all the same, what RFC 8259 and docs/api.md say.
 */
const findContradiction = contradictionFinder()
const JSON_TYPE = { 'content-type': 'application/json' }
const DEPTH = 100_000

const deep = (open: string, close: string, depth = DEPTH) => open.repeat(depth) + close.repeat(depth)
const utf16 = (text: string) => Buffer.from(text, 'utf16le')
const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))))

/** What is no JSON, or none of an object; every field of every route in it would be good. */
const refusedAround = (good: string): [name: string, body: string | Buffer][] => {
  const inside = good.slice(1, -1)
  return [
    ['lists in lists', deep('[', ']')],
    ['lists that never end', '['.repeat(DEPTH)],
    ['objects that never end', '{"a":'.repeat(DEPTH)],
    ['a list', `[${good}]`],
    ['a text', JSON.stringify(good)],
    ['a number', '7'],
    ['null', 'null'],
    ['true', 'true'],
    ['white space', ' \r\n\t'],
    ['garbage behind', `${good}x`],
    ['another object behind', `${good}${good}`],
    ['a NUL behind', `${good}\0`],
    ['a bracket behind', `${good}]`],
    ['a comma at the end', `{${inside},}`],
    ['a comma at the beginning', `{,${inside}}`],
    ['a comment', `{/* no */${inside}}`],
    ['a comment of one line', `{${inside}}// no`],
    ['a shell’s comment', `# no\n${good}`],
    ['single quotes', good.replaceAll('"', "'")],
    ['names without quotes', good.replace(/"(\w+)":/, '$1:')],
    ['cut short', good.slice(0, -1)],
    ['cut short in a text', good.slice(0, -3)],
    ['NaN', `{${inside},"x":NaN}`],
    ['Infinity', `{${inside},"x":Infinity}`],
    ['-Infinity', `{${inside},"x":-Infinity}`],
    ['undefined', `{${inside},"x":undefined}`],
    ['a hexadecimal number', `{${inside},"x":0x10}`],
    ['a number with a nought in front', `{${inside},"x":01}`],
    ['a number with a plus', `{${inside},"x":+1}`],
    ['a number with a point at its end', `{${inside},"x":1.}`],
    ['a number with a point in front', `{${inside},"x":.5}`],
    ['a separator of digits', `{${inside},"x":1_000}`],
    ['a big integer of JavaScript', `{${inside},"x":1n}`],
    ['a control character in a text', `{${inside},"x":"a\u0001"}`],
    ['the end of a line in a text', `{${inside},"x":"a\nb"}`],
    ['an escape that is none', `{${inside},"x":"\\x41"}`],
    ['half an escape', `{${inside},"x":"\\u00"}`],
    ['white space of another alphabet', `\u00a0${good}`],
    ['two byte order marks', `\ufeff\ufeff${good}`],
    ['a byte order mark inside', `{\ufeff${inside}}`],
    ['Latin-1', Buffer.from(`{${inside},"x":"é"}`, 'latin1')],
    ['a byte that no UTF-8 has', bytes(`{${inside},"x":"`, [0xff], '"}')],
    ['a NUL of two bytes', bytes(`{${inside},"x":"`, [0xc0, 0x80], '"}')],
    ['a surrogate as UTF-8', bytes(`{${inside},"x":"`, [0xed, 0xa0, 0x80], '"}')],
    ['a character cut in two', bytes(`{${inside},"x":"`, [0xe2, 0x82], '"}')],
    ['a code point past the last', bytes(`{${inside},"x":"`, [0xf4, 0x90, 0x80, 0x80], '"}')],
    ['an overlong slash', bytes(`{${inside},"x":"`, [0xc0, 0xaf], '"}')],
    ['invalid UTF-8 in a name', bytes(`{${inside},"`, [0xfe], '":1}')],
    ['UTF-16', utf16(good)],
    ['UTF-16 with its mark', utf16(`\ufeff${good}`)],
    ['UTF-16, big-endian', utf16(good).swap16()],
    ['UTF-16, big-endian, with its mark', utf16(`\ufeff${good}`).swap16()],
    ['UTF-32', bytes(...[...good].map((one) => [one.charCodeAt(0), 0, 0, 0]))],
    ['gzip’s first bytes', bytes([0x1f, 0x8b, 8, 0], good)],
    ['a callback', `while(1);${good}`],
    ['a list of lines', `${good}\n${good}\n`]
  ]
}

/** What is JSON, and does what it would do without what is odd about it. */
const takenAround = (good: string): [name: string, body: string | Buffer][] => {
  const inside = good.slice(1, -1)
  return [
    ['a byte order mark', `\ufeff${good}`],
    ['white space', ` \r\n\t${good} \r\n\t`],
    ['escaped names', good.replace(/"(\w)/, (_, letter) => `"\\u00${letter.charCodeAt(0).toString(16)}`)],
    ['lists in lists in another name', `{${inside},"x":${deep('[', ']')}}`],
    ['objects in objects in another name', `{${inside},"x":${deep('{"a":', '}').replace('}', '1}')}}`],
    ['prototypes', `{${inside},"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}`],
    [
      'escaped prototypes',
      `{${inside},"\\u005f_proto__":{"polluted":1},"x":{"__proto\\u005f_":{"polluted":1}}}`
    ],
    [
      'prototypes at every level',
      `{${inside},"x":[{"__proto__":{"polluted":1},"constructor":{"prototype":{"a":1}}}]}`
    ],
    ['huge numbers in another name', `{${inside},"x":[1e400,-1e400,1e-400,${'9'.repeat(5000)}]}`],
    ['names that come twice', `{${Object.keys(JSON.parse(good)).map((name) => `"${name}":0`)},${inside}}`],
    ['an empty name', `{${inside},"":1}`],
    ['ten thousand names', `{${Array.from({ length: 10_000 }, (_, index) => `"x${index}":1`)},${inside}}`]
  ]
}

const send = ({ call }: TestApp, { method, url, token, headers }: BodyRoute, body: string | Buffer) =>
  call(method, url, { token, body, headers: { ...JSON_TYPE, ...headers } })

t.test('what is no JSON of an object is refused at every route, and nothing is written', async (t) => {
  const service = await buildTestApp(t)
  const { routes } = await bodyRoutes(service)
  const { everything } = openRows(t, service.folder)
  const before = everything()
  for (const route of routes) {
    const faults: string[] = []
    for (const [name, body] of refusedAround(JSON.stringify(route.fields))) {
      const answer = await send(service, route, body)
      const wrong = findContradiction(route.operationId, answer)
      if (wrong || answer.statusCode !== 400) faults.push(`${name}: ${wrong ?? answer.body}`)
      // Nothing of what was sent comes back: it may be a password.
      if (answer.body.includes('horse')) faults.push(`${name}: ${answer.body}`)
      if (!isDeepStrictEqual(everything(), before)) faults.push(`${name} was written`)
    }
    t.strictSame(faults, [], route.operationId)
  }
  for (const route of routes) {
    const { statusCode, body } = await send(service, route, JSON.stringify(route.fields))
    t.equal(statusCode, route.success, `${route.operationId} does what it does for a good one: ${body}`)
  }
})

t.test('what is odd and JSON all the same does what it says', async (t) => {
  const service = await buildTestApp(t)
  const { ada, routes } = await bodyRoutes(service)
  const { row } = openRows(t, service.folder)
  const update = routes.find(({ operationId }) => operationId === 'updateProfile')
  if (!update) return t.fail('there is no update')
  const before = row(ada.id)
  for (const [name, body] of takenAround(JSON.stringify(update.fields))) {
    service.sql('update users set first_name = ?, last_name = ? where id = ?', 'before', '', ada.id)
    const answer = await send(service, update, body)
    t.equal(findContradiction('updateProfile', answer), undefined, name)
    t.equal(answer.statusCode, 200, `${name}: ${answer.body.slice(0, 200)}`)
    t.strictSame(row(ada.id), { ...before, first_name: 'Ada', last_name: 'Byron' }, name)
  }
  for (const route of routes.filter(({ operationId }) => ['signIn', 'verifyToken'].includes(operationId)))
    for (const [name, body] of takenAround(JSON.stringify(route.fields))) {
      const { statusCode, body: text } = await send(service, route, body)
      t.equal(statusCode, 200, `${route.operationId}, ${name}: ${text}`)
    }
  t.equal(Reflect.get({}, 'polluted'), undefined)
})

t.test('a field that is nested endlessly is refused, and so is a number beside it', async (t) => {
  const service = await buildTestApp(t)
  const { ada, routes } = await bodyRoutes(service)
  const { row } = openRows(t, service.folder)
  const before = row(ada.id)
  const [update] = routes
  if (!update) return t.fail('there is no update')
  for (const value of [
    deep('[', ']'),
    deep('{"a":', '}').replace('}', '1}'),
    deep('{"__proto__":', '}', DEPTH / 2).replace('}', '1}')
  ]) {
    const refused = await send(service, update, `{"first_name":${value}}`)
    t.equal(refused.statusCode, 400)
    t.strictSame(refused.json(), { first_name: ['Not a valid string.'] })
    // Looking how a number was written goes as deep as the body does.
    const beside = await send(service, update, `{"number_phone":1,"x":${value}}`)
    t.equal(beside.statusCode, 400)
    t.strictSame(beside.json(), { detail: 'JSON parse error - nested too deep' })
  }
  t.strictSame(row(ada.id), before)
})

const INEXACT = [
  '1e400',
  '-1e400',
  '1e-400',
  '9007199254740993.0',
  '1.0000000000000000001',
  `1e${'9'.repeat(400)}`
]
const EXACT: [source: string, text: string][] = [
  ['9007199254740993', '9007199254740993'],
  ['-9007199254740993', '-9007199254740993'],
  ['12345678901234567890', '12345678901234567890'],
  ['1e2', '100'],
  ['1.50', '1.5'],
  ['-0', '0']
]

t.test('a number for a text is the one that was sent, or refused', async (t) => {
  const service = await buildTestApp(t)
  const { ada, routes } = await bodyRoutes(service)
  const { row } = openRows(t, service.folder)
  const before = row(ada.id)
  const [update] = routes
  if (!update) return t.fail('there is no update')
  for (const source of INEXACT) {
    for (const field of ['first_name', 'last_name', 'number_phone', 'username']) {
      const answer = await send(service, update, `{"${field}":${source}}`)
      t.equal(answer.statusCode, 400, source)
      t.strictSame(answer.json(), { [field]: ['Not a valid string.'] })
    }
    t.strictSame(row(ada.id), before)
  }
  for (const [source, text] of EXACT) {
    const answer = await send(service, update, `{"first_name":${source}}`)
    t.equal(answer.json().first_name, text)
    t.strictSame(row(ada.id), { ...before, first_name: text })
  }
  const long = await send(service, update, `{"number_phone":12345678901}`)
  t.strictSame(long.json(), { number_phone: ['Ensure this field has no more than 10 characters.'] })
})

t.test(
  'an empty body is an empty object: an update of nothing, and fields that are missing elsewhere',
  async (t) => {
    const service = await buildTestApp(t)
    const { routes } = await bodyRoutes(service)
    for (const route of routes) {
      const answer = await send(service, route, '')
      t.equal(findContradiction(route.operationId, answer), undefined)
      t.equal(answer.statusCode, route.operationId === 'updateProfile' ? 200 : 400)
      if (answer.statusCode === 400) t.match(answer.body, /\["This field is required\."\]/)
    }
  }
)
