import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { buildTestApp, PASSWORD, type TestApp, withDatabase } from '../helper.ts'
import { jpeg } from '../pictures.ts'

/**
 * A fault in the middle of a write (drizzle-orm issues 1723 and 2275: a transaction with an async callback commits before its
 * statements): nothing of the write is kept, nor of its file, and what comes next works.
 */
const ROOT = new URL('../../', import.meta.url).pathname

const sources = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))

t.test('no transaction has a callback that could be async', async (t) => {
  const files = ['src', 'plugins', 'routes', 'entries', 'bench', 'examples', 'scripts'].flatMap(sources)
  t.ok(files.length > 200)
  const found = (pattern: RegExp) =>
    files.filter((path) => pattern.test(readFileSync(join(ROOT, path), 'utf8')))
  // PostgreSQL's are our own, and wait for their callbacks.
  const inFiles = (pattern: RegExp) =>
    found(pattern).filter((path) => !path.startsWith('src/stores/postgres/'))
  t.strictSame(inFiles(/\.transaction\(\s*async\b/), [], 'it would be committed when the callback returns')
  t.strictSame(
    inFiles(/\.transaction\(/).filter((path) => !path.startsWith('bench/')),
    [
      'src/stores/sqlite/migration-source.ts',
      'src/stores/sqlite/migration-target.ts',
      'src/stores/sqlite/name-keys.ts'
    ],
    'writes go through the group commit, but for those of databases that no service has yet, or any more'
  )
  t.strictSame(found(/\bcommits\.run(?:Statement)?\(\s*async\b/), [], 'whose units are synchronous')
})

/** All rows of all tables. */
const everything = (folder: string) =>
  withDatabase(join(folder, 'data/profile.db'), (database) => {
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all()
    return Object.fromEntries(tables.map((name) => [name, database.prepare(`SELECT * FROM "${name}"`).all()]))
  })

type Ada = Awaited<ReturnType<TestApp['signUp']>>

/** What is asked for, and the statement of it that fails. */
const faults: [name: string, at: string, ask: (service: TestApp, ada: Ada) => ReturnType<TestApp['call']>][] =
  [
    [
      'an update',
      'AFTER UPDATE OF first_name ON users',
      ({ update }, ada) => update(ada, { json: { first_name: 'written?', username: `written${ada.id}` } })
    ],
    [
      'an update with a picture',
      'AFTER UPDATE OF avatar ON users',
      async ({ update }, ada) =>
        update(ada, {
          form: [
            ['first_name', 'written?'],
            ['avatar', { bytes: await jpeg() }]
          ]
        })
    ],
    [
      'an update that takes the picture away',
      'AFTER UPDATE OF avatar ON users',
      ({ update }, ada) => update(ada, { json: { avatar: null } })
    ],
    [
      'a sign-up',
      'AFTER INSERT ON users',
      ({ call }, { id }) => {
        const [username, email] = [`eve${id}`, `eve${id}@example.com`]
        return call('POST', '/api/sign-up/', { json: { username, email, password: PASSWORD } })
      }
    ],
    [
      'a refresh, at the token that is used up',
      'AFTER UPDATE OF used_at ON refresh_tokens',
      ({ call }, { refresh }) => call('POST', '/api/token/refresh/', { json: { refresh } })
    ],
    [
      'a refresh, at the next token',
      'AFTER INSERT ON refresh_tokens',
      ({ call }, { refresh }) => call('POST', '/api/token/refresh/', { json: { refresh } })
    ],
    [
      'a refresh, at its session',
      'AFTER UPDATE OF expires_at ON sessions',
      ({ call }, { refresh }) => call('POST', '/api/token/refresh/', { json: { refresh } })
    ],
    [
      'a sign-out',
      'AFTER UPDATE OF ended_at ON sessions',
      ({ call }, { refresh }) => call('POST', '/api/token/blacklist/', { json: { refresh } })
    ],
    [
      'a sign-out everywhere, at the sessions',
      'AFTER UPDATE OF ended_at ON sessions',
      ({ call }, { access }) => call('POST', '/api/sign-out-everywhere/', { token: access })
    ],
    [
      'a new password, at the sessions',
      'AFTER UPDATE OF ended_at ON sessions',
      ({ call }, { id, access }) =>
        call('POST', `/api/profile/${id}/password/`, {
          token: access,
          json: { current_password: PASSWORD, new_password: 'another horse 43' }
        })
    ],
    [
      'the account’s end, at the sessions',
      'BEFORE DELETE ON sessions',
      ({ call }, { id, access }) => call('DELETE', `/api/profile/${id}/delete/`, { token: access })
    ]
  ]

t.test('a fault in the middle of a write leaves nothing of it', async (t) => {
  const service = await buildTestApp(t)
  const { folder, sql, call, update, signUp, pictures, uploads } = service
  for (const [name, at, ask] of faults) {
    for (const kind of ['ABORT', 'ROLLBACK']) {
      const ada = await signUp()
      const { avatar } = (await update(ada, { form: [['avatar', { bytes: await jpeg() }]] })).json()
      sql(`CREATE TRIGGER fault ${at} BEGIN SELECT RAISE(${kind}, 'a fault'); END`)
      const [before, files] = [everything(folder), pictures()]
      const answer = await ask(service, ada)
      t.equal(answer.statusCode, 500, `${name}, ${kind}: ${answer.body}`)
      t.match(answer.body, /^\{"error":"The server failed to answer this request\. Its id is [\w-]+\."\}$/)
      t.strictSame(everything(folder), before, `${name}, ${kind}`)
      t.strictSame([pictures(), uploads()], [files, []], `${name}, ${kind}`)
      const seen = await call('GET', '/api/profile/', { token: ada.access })
      t.match(seen.json(), { first_name: '', avatar }, 'what is read is what is stored')
      sql('DROP TRIGGER fault')
      const again = await ask(service, ada)
      t.ok(again.statusCode < 300, `${name}, once more: ${again.body}`)
    }
  }
})

t.test('of writes that share a transaction only the one with the fault is taken back', async (t) => {
  const { sql, update, signUp, row } = await buildTestApp(t)
  const users = await Promise.all(Array.from({ length: 12 }, () => signUp()))
  sql(
    `CREATE TRIGGER fault AFTER UPDATE OF first_name ON users WHEN new.id % 3 = 0 BEGIN SELECT RAISE(ABORT, 'a fault'); END`
  )
  const answers = await Promise.all(users.map((user) => update(user, { json: { first_name: 'written' } })))
  for (const [index, { id }] of users.entries()) {
    const fails = id % 3 === 0
    t.equal(answers[index]?.statusCode, fails ? 500 : 200)
    t.equal(row(id)?.first_name, fails ? '' : 'written')
  }
})

t.test('of a sign-in that fails nothing is left but a session whose tokens nobody has', async (t) => {
  const { sql, call, signUp, row, folder } = await buildTestApp(t)
  const ada = await signUp()
  sql("CREATE TRIGGER fault AFTER UPDATE OF last_login ON users BEGIN SELECT RAISE(ABORT, 'a fault'); END")
  const before = row(ada.id)
  const { sessions } = everything(folder)
  const json = { username: ada.email, password: PASSWORD }
  t.equal((await call('POST', '/api/token/', { json })).statusCode, 500)
  t.strictSame(row(ada.id), before)
  t.ok((everything(folder).sessions?.length ?? 0) - (sessions?.length ?? 0) <= 1)
})
