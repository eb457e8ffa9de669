import { join } from 'node:path'
import t from 'tap'
import { quoteIdentifier } from '../../src/stores/django/quote-identifier.ts'
import { djangoUser } from '../django-database.ts'
import { buildTestApp, withDatabase } from '../helper.ts'
import { deployments } from '../src/cli/import/deployments.ts'

/**
 * Names from outside where SQL has names of its own (CVE-2026-39356, Drizzle before 0.45.2): of parameters, of fields in
 * bodies, of tables and columns that are imported. None ends a quoted name, none sorts, selects or sets anything.
 */
const HOSTILE = [
  "first_name' OR '1'='1",
  `first_name" = 'x', "is_superuser`,
  'first_name" = 1; DROP TABLE users; --',
  'first_name`; DROP TABLE users; --',
  'first_name]; DROP TABLE users; --',
  '"users"."password"',
  'users.is_staff',
  'id desc; DELETE FROM users; --',
  'id) UNION SELECT password FROM users --',
  '(CASE WHEN (SELECT 1) THEN id ELSE username END)',
  'first_name\\" --',
  'first_name\u0000" --',
  'ｆｉｒｓｔ＿ｎａｍｅ＂ --',
  '"'.repeat(999),
  "'",
  '$1',
  '?1',
  ':first_name',
  '{"$gt": ""}'
]

const dump = (folder: string) =>
  withDatabase(join(folder, 'data/profile.db'), (database) => ({
    schema: database.prepare('SELECT * FROM sqlite_schema ORDER BY name').all(),
    users: database.prepare('SELECT * FROM users ORDER BY id').all()
  }))

t.test('parameters of a query change no answer', async (t) => {
  const { signUp, call, folder } = await buildTestApp(t, { env: { LIBRAVATAR: 'on' } })
  const ada = await signUp({ first_name: 'Ada' })
  await signUp()
  const before = dump(folder)
  const paths = [
    '/api/profile/',
    `/api/profile/${ada.id}/`,
    `/api/avatars/${ada.id}/`,
    `/avatar/${'0'.repeat(64)}`
  ]
  const names = [
    'sort',
    'order',
    'order_by',
    'ordering',
    'fields',
    'select',
    'columns',
    'filter',
    'where',
    'search',
    'expand'
  ]
  for (const path of paths) {
    const plain = await call('GET', path, { token: ada.access })
    for (const hostile of HOSTILE) {
      const queries = [
        names.map((name): [string, string] => [name, hostile]),
        names.map((name): [string, string] => [`${name}[${hostile}]`, 'asc']),
        [[hostile, hostile] satisfies [string, string]]
      ]
      for (const query of queries) {
        const answer = await call('GET', `${path}?${new URLSearchParams(query)}`, { token: ada.access })
        t.equal(answer.statusCode, plain.statusCode, `${path} ${hostile.slice(0, 40)}`)
        t.equal(answer.body, plain.body)
        t.equal(answer.headers.location, plain.headers.location)
      }
    }
  }
  t.strictSame(dump(folder), before)
})

t.test('names of fields in a body set nothing but what they name', async (t) => {
  const { signUp, update, row, folder } = await buildTestApp(t)
  const [ada] = [await signUp(), await signUp()]
  const before = dump(folder)
  for (const hostile of HOSTILE) {
    const bodies: Parameters<typeof update>[1][] = [
      { json: { [hostile]: 'x' } },
      { json: { [hostile]: { [hostile]: hostile }, extra: { [hostile]: 1 } } },
      { urlencoded: new URLSearchParams([[hostile, hostile]]).toString() },
      { form: [[hostile, hostile]] },
      { form: [[hostile, { bytes: Buffer.from('x') }]] }
    ]
    for (const body of bodies) {
      const { statusCode } = await update(ada, body)
      t.equal(statusCode, 200, hostile.slice(0, 40))
      t.strictSame(row(ada.id), before.users[0])
    }
  }
  t.strictSame(dump(folder), before)
})

t.test('hostile names of tables and columns are names and nothing else', async (t) => {
  const ours = ['id', 'username', 'email', 'password', 'first_name', 'avatar']
  const names = HOSTILE.filter((name) => !name.includes('\0'))
  for (const [index, stem] of [
    'x" FROM "users_users"; DROP TABLE users_users; --',
    ...names.slice(0, 2)
  ].entries()) {
    const { django, folder, importAll, rows } = deployments(t)
    const table = `${stem} t`
    const columns = new Map(ours.map((name, at) => [name, `${names[(index + at) % names.length]} ${at}`]))
    const user: Record<string, unknown> = djangoUser(7, 'ada', { first_name: 'Ada' })
    const [id = '', ...others] = [...columns.values()].map(quoteIdentifier)
    django.exec(`CREATE TABLE ${quoteIdentifier(table)} (${id} integer PRIMARY KEY, ${others.join(', ')})`)
    django
      .prepare(`INSERT INTO ${quoteIdentifier(table)} VALUES (?, ?, ?, ?, ?, ?)`)
      .run(...ours.map((name) => user[name]))
    const schema = () => django.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all()
    const before = schema()
    const args = [
      '--table',
      table,
      ...[...columns].flatMap(([name, theirs]) => ['--column', `${name}=${theirs}`])
    ]
    const { code, stderr } = await importAll(...args)
    t.equal(code, 0, stderr)
    t.match(rows(), [{ id: 7, username: 'ada', first_name: 'Ada', is_superuser: 0 }])
    t.strictSame(schema(), before)
    const mapped = await importAll('--table', 'users_users', '--column', `first_name=${stem}`)
    t.equal(mapped.code, 2, 'a column that is not there is no expression')
    t.match(mapped.stderr, /has no column/)
    t.match(dump(folder).users, [{ id: 7 }])
  }
})
