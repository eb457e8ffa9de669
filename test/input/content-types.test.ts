import { isDeepStrictEqual } from 'node:util'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import t from 'tap'
import { buildTestApp, unique } from '../helper.ts'
import { exchange, rawRequest } from '../raw-exchange.ts'
import { listening } from '../raw-http.ts'
import { type BodyRoute, bodyRoutes } from './body-routes.ts'
import { contradictionFinder } from './documented.ts'
import { openRows } from './rows.ts'

/**
 * A content type that is checked as one thing and read as another (CVE-2025-32442, CVE-2026-25223, CVE-2026-3419,
 * CVE-2026-33806 of Fastify and its kin): each spelling is refused, and nothing is written, or does what the plain one does.
 */
const findContradiction = contradictionFinder()

type Fields = Record<string, string>
const jsonOf = (fields: Fields) => JSON.stringify(fields)
const urlencodedOf = (fields: Fields) => new URLSearchParams(fields).toString()
const multipartOf = (fields: Fields) =>
  `${Object.entries(fields)
    .map(([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
    .join('')}--x--\r\n`

/** Parameters and white space that say nothing else. */
const around = (type: string): string[] => [
  type,
  type.toUpperCase(),
  type.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()),
  `${type} `,
  ` ${type}`,
  `${type}\t`,
  `${type}\u00a0`,
  ...['; charset=utf-8', ';charset=UTF-8', ' ; charset=utf-8', ';\tcharset=utf-8', '; charset="utf-8"'].map(
    (more) => type.replace(/$|(?=;)/, more)
  ),
  ...['iso-8859-1', 'utf-16', 'utf-7', 'ebcdic-cp-us', 'garbage', ''].map((name) =>
    type.replace(/$|(?=;)/, `; charset=${name}`)
  ),
  `${type};`,
  `${type}; `,
  `${type};;`,
  `${type}; charset`,
  `${type}; charset=utf-8; charset=utf-16`,
  `${type}; q=0.5; a=b; c="d;e"`,
  `${type}; ${'a=b; '.repeat(1000)}`
]

/** Types that are none of the three, however much they look like it. */
const strangersLike = (type: string): string[] => {
  const [name = '', ...parameters] = type.split(';')
  const [top = '', sub = ''] = name.split('/')
  const rest = parameters.map((one) => `;${one}`).join('')
  return [
    `${top}/${sub}x`,
    `${top}/x${sub}`,
    `x${top}/${sub}`,
    `text/${sub}`,
    `${top}/vnd.api+${sub}`,
    `${top}/${sub}/x`,
    `${top}/${sub}+x`,
    `${top}/ ${sub}`,
    `${top} /${sub}`,
    `${top}//${sub}`,
    `${top}\\${sub}`,
    `${top}`,
    `${top}/`,
    `/${sub}`,
    `${top}/*`,
    '*/*',
    '*',
    '',
    ' ',
    ';',
    `;${name}`,
    `"${name}"`,
    `'${name}'`,
    `${name} x`,
    `${name}\tx`,
    `${name},`,
    `${name}, ${name}`,
    `${name},text/plain`,
    `text/plain,${name}`,
    `text/plain; ${name}`,
    `text/plain;a="${name}"`,
    `${name}, multipart/form-data; boundary=x`,
    `multipart/mixed, ${name}`,
    `${name}\u00e9`,
    `${top}%2f${sub}`,
    `${name}%00`,
    `${name}#`,
    `${name}?x`,
    'multipart/mixed; boundary=x',
    'multipart/related; boundary=x',
    'multipart/byteranges; boundary=x',
    'text/plain; charset=utf-8',
    'application/octet-stream',
    'application/xml',
    'application/ld+json',
    'application/json-seq',
    'application/jsonp',
    'application/x-ndjson',
    'application/x-www-form-urlencoded-x',
    '__proto__',
    'constructor',
    'constructor/prototype'
  ].map((one) => one + (one === '' ? '' : rest))
}

const KINDS = [
  { type: 'application/json', encode: jsonOf },
  { type: 'application/x-www-form-urlencoded', encode: urlencodedOf },
  { type: 'multipart/form-data; boundary=x', encode: multipartOf }
]

/** Fields that can be sent again and again. */
function again({ operationId, fields }: BodyRoute): Fields {
  if (operationId !== 'signUp') return fields
  const username = unique('eve')
  return { ...fields, username, email: `${username}@example.com` }
}

/** What a route may be asked for so often without another one noticing. */
const REPEATABLE = ['updateProfile', 'signIn', 'verifyToken']

for (const { type, encode } of KINDS) {
  t.test(`whatever is around ${type}, it does what it does alone`, async (t) => {
    const { signUp, call, folder, sql } = await buildTestApp(t)
    const { ada, routes } = await bodyRoutes({ signUp })
    const { row, everything } = openRows(t, folder)
    for (const route of routes) {
      const { operationId, method, url, token, fields, headers: more, success } = route
      for (const spelling of REPEATABLE.includes(operationId) ? around(type) : around(type).slice(0, 1)) {
        const where = `${operationId} as ${JSON.stringify(spelling).slice(0, 80)}`
        sql('update users set first_name = ?, last_name = ? where id = ?', 'before', '', ada.id)
        const before = everything()
        const headers = { 'content-type': spelling, ...more }
        const answer = await call(method, url, { token, body: encode(again(route)), headers })
        t.equal(findContradiction(operationId, answer), undefined, where)
        if (answer.statusCode === 415 || answer.statusCode === 400) {
          // A boundary that is not what it was: then it has to be refused, not read otherwise.
          t.ok(type.startsWith('multipart'), `${where}: ${answer.body}`)
          t.strictSame(everything(), before, where)
        } else {
          t.equal(answer.statusCode, success, where)
          if (operationId === 'updateProfile') t.match(row(ada.id), fields, where)
        }
      }
    }
  })

  t.test(`what is not quite ${type} is refused at every route`, async (t) => {
    const { signUp, call, folder } = await buildTestApp(t)
    const { routes } = await bodyRoutes({ signUp })
    const { everything } = openRows(t, folder)
    const before = everything()
    for (const { operationId, method, url, token, fields, headers: more } of routes) {
      const faults: string[] = []
      const wrongKinds = KINDS.filter((one) => one.type !== type && operationId !== 'updateProfile').map(
        (one) => one.type
      )
      for (const spelling of [...strangersLike(type), ...wrongKinds]) {
        const headers = { 'content-type': spelling, ...more }
        const answer = await call(method, url, { token, body: encode(fields), headers })
        const wrong = findContradiction(operationId, answer)
        const isWrongKind = wrongKinds.includes(spelling)
        if (wrong || !(answer.statusCode === 415 || (isWrongKind && answer.statusCode === 400)))
          faults.push(`${JSON.stringify(spelling)}: ${wrong ?? answer.body}`)
        if (!isDeepStrictEqual(everything(), before)) faults.push(`${JSON.stringify(spelling)} was written`)
      }
      const without = await call(method, url, { token, body: encode(fields), headers: more })
      if (without.statusCode !== 415) faults.push(`no type: ${without.body}`)
      t.strictSame(faults, [], operationId)
    }
    t.strictSame(everything(), before)
  })
}

t.test('what is compressed is refused and never decoded, what only says so too', async (t) => {
  const { signUp, call, folder } = await buildTestApp(t)
  const { routes } = await bodyRoutes({ signUp })
  const { everything } = openRows(t, folder)
  const before = everything()
  const codings: [name: string, code: (body: Buffer) => Buffer][] = [
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['gzip, gzip', (body) => gzipSync(gzipSync(body))],
    ['identity, gzip', gzipSync],
    ['gzip', (body) => body],
    ['compress', (body) => body],
    ['aes128gcm', (body) => body],
    ['garbage', (body) => body]
  ]
  for (const { operationId, method, url, token, fields, headers: more } of routes)
    for (const { type, encode } of KINDS)
      for (const [coding, code] of codings) {
        const headers = { 'content-type': type, 'content-encoding': coding, ...more }
        const answer = await call(method, url, { token, body: code(Buffer.from(encode(fields))), headers })
        const where = `${operationId} as ${type}, ${coding}`
        t.equal(findContradiction(operationId, answer), undefined, where)
        t.equal(answer.statusCode, 415, where)
        t.strictSame(answer.json(), { detail: `Unsupported content encoding "${coding}" in request.` })
        t.equal(answer.headers['accept-encoding'], 'identity')
      }
  t.strictSame(everything(), before)
  const [update] = routes
  if (!update) return t.fail('there is no update')
  const body = jsonOf(update.fields)
  // Without saying so it is no UTF-8.
  for (const { type, encode } of KINDS) {
    const headers = { 'content-type': type }
    const answer = await call('PUT', update.url, {
      ...update,
      headers,
      body: gzipSync(encode(update.fields))
    })
    t.equal(answer.statusCode, 400, type)
  }
  t.strictSame(everything(), before)
  for (const coding of ['identity', 'Identity', '']) {
    const headers = { 'content-type': 'application/json', 'content-encoding': coding }
    t.equal((await call('PUT', update.url, { ...update, headers, body })).statusCode, 200, coding)
  }
})

t.test('a form that is no UTF-8 is refused, and a replacement character that was sent is kept', async (t) => {
  const { signUp, update, row } = await buildTestApp(t)
  const ada = await signUp()
  const before = row(ada.id)
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  for (const body of [
    'first_name=%FF',
    'first_name=%C3&x=%A9',
    'first_name=a%ed%a0%80',
    Buffer.from('first_name=é', 'latin1')
  ]) {
    const answer = await update(ada, { body, headers })
    t.equal(answer.statusCode, 400, String(body))
    t.strictSame(answer.json(), { detail: 'Form parse error - the body is not UTF-8' })
  }
  t.strictSame(row(ada.id), before)
  for (const body of ['first_name=%EF%BF%BD', 'first_name=\ufffd', 'first_name=%c3%a9\ufffd%'])
    t.equal((await update(ada, { body, headers })).statusCode, 200, body)
  t.equal(row(ada.id)?.first_name, 'é\ufffd%')
})

t.test('headers as no client sends them: refused, or read as the first of them', async (t) => {
  const { signUp, port, folder } = await listening(t)
  const { ada, routes } = await bodyRoutes({ signUp })
  const { row } = openRows(t, folder)
  const [update] = routes
  if (!update) return t.fail('there is no update')
  const json = jsonOf(update.fields)
  const form = multipartOf(update.fields)
  const [JSON_TYPE, FORM_TYPE] = ['application/json', 'multipart/form-data; boundary=x']
  const plain = (type: string) => `Content-Type: ${type}\r\n`
  const cases: [name: string, headers: string, body: string, taken: boolean][] = [
    ['the same type twice', plain(JSON_TYPE) + plain(JSON_TYPE), json, true],
    ['JSON, then a form', plain(JSON_TYPE) + plain(FORM_TYPE), json, true],
    ['JSON, then a form, which it is', plain(JSON_TYPE) + plain(FORM_TYPE), form, false],
    ['a form, then JSON', plain(FORM_TYPE) + plain(JSON_TYPE), form, true],
    ['a form, then JSON, which it is', plain(FORM_TYPE) + plain(JSON_TYPE), json, false],
    ['a text, then JSON', plain('text/plain') + plain(JSON_TYPE), json, false],
    ['none, then JSON', plain('') + plain(JSON_TYPE), json, false],
    ['no header at all', '', json, false],
    ['tabs around it', 'Content-Type:\t\tapplication/json\t\t\r\n', json, true],
    ['another case', 'cOnTeNt-TyPe: application/json\r\n', json, true],
    ['no space', 'Content-Type:application/json\r\n', json, true],
    ['a space before the colon', 'Content-Type : application/json\r\n', json, false],
    ['a space in front', ' Content-Type: application/json\r\n', json, false],
    ['folded', 'Content-Type: application/\r\n json\r\n', json, false],
    ['a NUL', 'Content-Type: application/json\0\r\n', json, false],
    ['a NUL inside', 'Content-Type: application\0/json\r\n', json, false],
    ['a lone CR', 'Content-Type: application/json\rX: y\r\n', json, false],
    ['a lone LF', 'Content-Type: text/plain\nContent-Type: application/json\r\n', json, false],
    ['an underscore', 'Content_Type: application/json\r\n', json, false],
    ['8,000 characters', plain(`application/json; a=${'b'.repeat(8000)}`), json, true],
    ['more than headers may have', plain(`application/json; a=${'b'.repeat(70_000)}`), json, false]
  ]
  for (const [name, headers, body, taken] of cases) {
    const before = row(ada.id)
    const request = rawRequest('PUT', update.url, { Authorization: `Bearer ${ada.access}` }, body)
    const start = request.indexOf('\r\n') + 2
    const answer = await exchange(
      port,
      Buffer.concat([request.subarray(0, start), Buffer.from(headers, 'latin1'), request.subarray(start)])
    )
    t.ok(taken ? answer.status === 200 : [400, 415, 431].includes(answer.status), `${name}: ${answer.status}`)
    const after = row(ada.id)
    t.strictSame(after, taken ? { ...before, ...update.fields } : before, name)
  }
})
