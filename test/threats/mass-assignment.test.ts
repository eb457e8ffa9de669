import { join } from 'node:path'
import t from 'tap'
import { buildTestApp, FIELDS, PASSWORD, type TestApp, unique, withDatabase } from '../helper.ts'

/**
 * Fields that are not a client's to set (maes-platform issue 34): every column of the table, under every name that it has
 * anywhere, and the ways to a prototype, at each endpoint that writes, in each content type.
 */
const columnsOf = (folder: string): string[] =>
  withDatabase(join(folder, 'data/profile.db'), (database) =>
    database.prepare("SELECT name FROM pragma_table_info('users')").pluck().all().map(String)
  )

/** What a client may send, at sign-up or in an update. */
const OPEN = ['username', 'email', 'first_name', 'last_name', 'number_phone', 'avatar', 'password']

const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

const spellings = (name: string): string[] => [
  ...new Set([
    name,
    camel(name),
    name.toUpperCase(),
    ` ${name}`,
    `${name} `,
    `${name}[]`,
    `user[${name}]`,
    `user.${name}`,
    `users.${name}`,
    `extra[${name}]`,
    `__proto__[${name}]`,
    `__proto__.${name}`,
    `constructor[prototype][${name}]`,
    `constructor.prototype.${name}`
  ])
]

/** Privileged names and what they would be worth. */
function privileged(folder: string): [name: string, value: unknown][] {
  const columns = columnsOf(folder).filter((name) => !OPEN.includes(name))
  const names = [...columns, 'password_hash', 'groups', 'user_permissions', 'role', 'is_admin', 'permissions']
  return names.flatMap((name) =>
    spellings(name).map((spelling): [string, unknown] => [spelling, valueFor(name)])
  )
}

function valueFor(name: string): unknown {
  if (name.startsWith('is_')) return true
  if (name === 'id') return 77
  return /date|login|epoch/.test(name) ? 1 : 'forged'
}

const urlencodedOf = (fields: [string, unknown][]) =>
  new URLSearchParams(fields.map(([name, value]): [string, string] => [name, String(value)])).toString()

/** JSON in which `__proto__` and the like are names like any other. */
function jsonOf(fields: [string, unknown][]): string {
  const evil = '{"is_superuser": true, "is_staff": true, "isSuperuser": true, "password": "x", "id": 77}'
  const more = ['__proto__', 'user', 'extra', 'data', 'profile', 'fields'].map((name) => `"${name}": ${evil}`)
  const nested = `"constructor": {"prototype": ${evil}}`
  const plain = fields.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`)
  return `{${[...more, nested, ...plain].join(', ')}}`
}

type Body = Parameters<TestApp['call']>[2]

/** A body in each content type; of a form as many as may have fields. */
function bodies(evil: [string, unknown][], good: [string, string][]): Body[] {
  const chunks = Array.from({ length: Math.ceil(evil.length / 80) }, (_, index) =>
    evil.slice(index * 80, index * 80 + 80)
  )
  return [
    { body: jsonOf([...evil, ...good]), headers: { 'content-type': 'application/json' } },
    { urlencoded: urlencodedOf([...evil, ['__proto__', 'x'], ...good]) },
    ...chunks.map(
      (chunk): Body => ({
        form: [...chunk.map(([name, value]): [string, string] => [name, String(value)]), ...good]
      })
    ),
    ...chunks.map(
      (chunk): Body => ({
        form: [...chunk.map(([name, value]): [string, string] => [name, JSON.stringify(value)]), ...good]
      })
    )
  ]
}

const withoutTimes = ({ date_joined, last_login, password, ...rest }: Record<string, unknown>) => rest

t.test('an update sets what it may and nothing else', async (t) => {
  const { folder, signUp, update, row } = await buildTestApp(t)
  const [ada, bob] = [await signUp(), await signUp()]
  const other = row(bob.id)
  const before = row(ada.id)
  const evil = privileged(folder)
  // Not the password either: that has a way of its own, which asks for the old one.
  const more: [string, unknown][] = [
    ['password', 'a new horse 44'],
    ['passwordHash', '!'],
    ['current_password', PASSWORD],
    ['new_password', 'a new horse 44']
  ]
  t.ok(evil.length > 200)
  for (const [index, body] of bodies([...evil, ...more], [['first_name', 'Ada']]).entries()) {
    for (const method of ['PUT', 'PATCH'] as const) {
      const response = await update(ada, {
        ...body,
        headers: { ...body?.headers, 'x-http-method-override': method }
      })
      t.equal(response.statusCode, 200, `body ${index}: ${response.body.slice(0, 200)}`)
      t.strictSame(Object.keys(response.json()), FIELDS)
      t.strictSame(row(ada.id), { ...before, first_name: 'Ada' }, `body ${index}`)
    }
  }
  t.strictSame(row(bob.id), other)
  for (const name of ['is_superuser', 'isSuperuser', 'is_staff', 'id', 'forged'])
    t.equal(Reflect.get({}, name), undefined, 'no prototype was written to')
})

t.test('a sign-up makes an account like any other', async (t) => {
  const { folder, call, signUp, row } = await buildTestApp(t)
  const plain = row((await signUp({ first_name: 'Eve' })).id)
  const evil = privileged(folder)
  const chosen = ['id', 'username', 'email', 'username_key', 'email_key', 'avatar']
  for (const [index, body] of bodies(evil, [
    ['avatar', 'forged.jpg'],
    ['first_name', 'Eve'],
    ['password', PASSWORD]
  ]).entries()) {
    const username = unique('eve')
    const email = `${username}@example.com`
    const named = addFields(body, [
      ['username', username],
      ['email', email]
    ])
    const response = await call('POST', '/api/sign-up/', named)
    t.equal(response.statusCode, 201, `body ${index}: ${response.body.slice(0, 200)}`)
    const { user } = response.json()
    t.strictSame(Object.keys(user), FIELDS)
    t.not(user.id, 77)
    const made = row(user.id) ?? {}
    t.match(made, { username, username_key: username, email, email_key: email, avatar: null })
    const others = (one: Record<string, unknown> = {}) =>
      Object.fromEntries(Object.entries(withoutTimes(one)).filter(([name]) => !chosen.includes(name)))
    t.strictSame(others(made), others(plain), `body ${index}`)
    t.match(made.password, /^argon2\$/)
    t.ok(Math.abs(Number(made.date_joined) - Date.now()) < 60_000, 'it joined now')
    t.equal(made.last_login, null)
  }
  t.equal(row(77), undefined)
})

function addFields(body: Body, fields: [string, string][]): Body {
  if (body?.form) return { ...body, form: [...body.form, ...fields] }
  if (body?.urlencoded !== undefined)
    return { ...body, urlencoded: `${body.urlencoded}&${urlencodedOf(fields)}` }
  const text = String(body?.body).slice(0, -1)
  return { ...body, body: `${text}, ${fields.map(([name, value]) => `"${name}": "${value}"`).join(', ')}}` }
}

t.test('a sign-in, a refresh and a new password set nothing that they are told', async (t) => {
  const { folder, signUp, call, row } = await buildTestApp(t)
  const ada = await signUp()
  const before = withoutTimes(row(ada.id) ?? {})
  const evil = privileged(folder)
  const next = 'another horse 43'
  const asked: [path: string, fields: [string, string][]][] = [
    [
      '/api/sign-in/',
      [
        ['email', ada.email],
        ['password', PASSWORD]
      ]
    ],
    [
      '/api/token/',
      [
        ['username', ada.email],
        ['password', PASSWORD]
      ]
    ],
    ['/api/token/refresh/', [['refresh', ada.refresh]]],
    [
      `/api/profile/${ada.id}/password/`,
      [
        ['current_password', PASSWORD],
        ['new_password', next]
      ]
    ]
  ]
  for (const [path, fields] of asked) {
    const body = { body: jsonOf([...evil, ...fields]), headers: { 'content-type': 'application/json' } }
    const response = await call('POST', path, { ...body, token: ada.access })
    t.equal(response.statusCode, 200, response.body)
    t.strictSame({ ...withoutTimes(row(ada.id) ?? {}), token_epoch: 0 }, before, path)
  }
})
