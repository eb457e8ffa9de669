import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import t, { type Test } from 'tap'
import { run } from '../../../service.ts'
import { deployments, type ReportLine } from './deployments.ts'

const untimed = ({ summary, findings }: { summary: ReportLine['summary']; findings: ReportLine[] }) => ({
  findings,
  summary: { ...summary, seconds: 0, dry_run: undefined }
})

function someOfEverything(t: Test) {
  const made = deployments(t)
  made.addPicture('avatars/shared.png')
  made.addPicture('avatars/own.png')
  for (let id = 1; id <= 9; id++) made.addUser(id, `u${id}`, { avatar: 'avatars/shared.png' })
  made.addUser(10, 'own', { avatar: 'avatars/own.png' })
  made.addUser(11, 'OWN', { avatar: 'avatars/none.png', email: 'x@example.com' })
  made.addToken({ id: 1, jti: 'a', user_id: 1 })
  return made
}

t.test('a dry run tells what an import would, and leaves nothing', async (t) => {
  const { folder, importAll, hasDatabase, change, rows, pictures, addPicture, write, temporaries } =
    someOfEverything(t)
  const dry = await importAll('--dry-run')
  t.equal(dry.summary?.dry_run, true)
  t.equal(hasDatabase(), false)
  t.strictSame(readdirSync(folder), [])
  const first = await importAll()
  t.equal(dry.code, 1)
  t.match(first.summary, { pictures: { copied: 2, present: 0, missing: 0 } })
  t.strictSame(untimed(dry), untimed(first))

  // Now over a database that is there: as the service leaves it, and while it is open.
  addPicture('avatars/new.png')
  change("UPDATE users_users SET avatar = 'avatars/new.png', first_name = 'x' WHERE id < 5")
  write("UPDATE users SET first_name = 'y' WHERE id = 3")
  for (const isOpen of [false, true]) {
    const open = isOpen ? new Database(join(folder, 'data/profile.db')) : undefined
    open?.prepare("UPDATE users SET last_name = 'z' WHERE id = 2").run()
    const content = rows()
    const files = readdirSync(join(folder, 'data'))
    const bytes = readFileSync(join(folder, 'data/profile.db'))
    const again = await importAll('--dry-run')
    t.match(again.summary, { users: { changed: 4 }, pictures: { copied: 1 } })
    t.match(again.findings, [
      { user: 3, finding: 'conflict' },
      { user: 11, finding: 'username_taken' }
    ])
    t.strictSame(readdirSync(join(folder, 'data')), files)
    t.ok(readFileSync(join(folder, 'data/profile.db')).equals(bytes))
    t.strictSame(rows(), content)
    open?.close()
  }
  t.strictSame(pictures(), ['own.png', 'shared.png'])
  t.strictSame(temporaries(), [])
})

t.test('what can’t be used stops it before anything is made', async (t) => {
  const { root, folder, path, media, start } = someOfEverything(t)
  const refusals: [string[], RegExp][] = [
    [[], /--media: is missing/],
    [['--media', join(root, 'nothing')], /--media: ENOENT/],
    [['--media', media, '--table', 'nothing'], /--database: there is no table nothing/],
    [
      ['--media', media, '--column', 'avatar=picture'],
      /--database: --column avatar=picture: users_users has no column picture/
    ],
    [
      ['--media', media, '--database', join(root, 'none.sqlite3')],
      /--database: unable to open database file/
    ],
    [['--media', media, '--report', join(root, 'no/folder')], /--report: ENOENT/],
    [
      ['--media', media, '--database', 'postgres://u:secret@127.0.0.1:1/x'],
      /--database: the server can't be reached/
    ]
  ]
  for (const [args, reason] of refusals) {
    const { code, stdout, stderr } = await start(...args).ended
    t.strictSame([code, stdout], [2, ''], args.join(' '))
    t.match(stderr, /^fastify-user-profile could not run import-django: .+\n$/)
    t.match(stderr, reason)
    t.notMatch(stderr, 'secret')
  }
  for (const args of [
    [],
    ['--database', path, 'more'],
    ['--database', path, '--media', media, '--no-media'],
    ['--database', path, '--column', 'nobody=x'],
    ['--database', path, '--column', 'email']
  ]) {
    const { code, stderr } = await run(folder, { args: ['import-django', ...args] }).ended
    t.equal(code, 2)
    t.match(stderr, /fastify-user-profile import-django --database/)
    t.notMatch(stderr, /^\s+at /m)
  }
  const help = await run(folder, { args: ['import-django', '--help'] }).ended
  t.match(help, {
    code: 0,
    stdout: /^fastify-user-profile import-django --database FILE\|URL[\s\S]*Exit code/,
    stderr: ''
  })
  t.strictSame(readdirSync(folder), [])
})

t.test('a table’s name gives the terminal no orders', async (t) => {
  const { change, start } = deployments(t)
  change('ALTER TABLE users_users RENAME TO "us\x1b[31mers"')
  const found = await start('--no-media').ended
  t.match(found, { code: 0, stdout: /0 read from us\\u\{1b\}\[31mers,/ })
  const missing = await start('--no-media', '--table', 'nothing').ended
  t.match(missing, { code: 2, stderr: /us\\u\{1b\}\[31mers/ })
  for (const { stdout, stderr } of [found, missing]) t.notMatch(stdout + stderr, '\x1b')
})

t.test('a report overwrites a report alone, and is told where it can’t be written', async (t) => {
  const { root, folder, path, media, start, rows, addUser } = someOfEverything(t)
  const before = readFileSync(path)
  const wrong = await start('--media', media, '--report', path).ended
  t.match(wrong, { code: 2, stdout: '', stderr: /--report: .* holds something else than a report\n$/ })
  t.ok(readFileSync(path).equals(before))
  t.strictSame(readdirSync(folder), [])

  const report = join(root, 'report.jsonl')
  writeFileSync(report, '')
  for (let times = 0; times < 2; times++) {
    const { code } = await start('--media', media, '--report', report).ended
    t.equal(code, 1)
    t.match(JSON.parse(readFileSync(report, 'utf8').trimEnd().split('\n').at(-1) ?? ''), { summary: {} })
  }

  addUser(20, 'late')
  const full = await start('--media', media, '--report', '/dev/full').ended
  t.match(full, { code: 1, stderr: /^The report is not whole: .*ENOSPC.*; all of that is in place\n$/ })
  t.ok(rows().some(({ id }) => id === 20))
})

t.test('the service’s own database is not imported into itself', async (t) => {
  const { folder, media, importAll, start } = someOfEverything(t)
  await importAll()
  const { code, stderr } = await start('--media', media, '--database', 'data/profile.db').ended
  t.equal(code, 2)
  t.match(stderr, /--database: data\/profile\.db is the service's own/)
  const memory = await run(folder, {
    args: ['import-django', '--database', 'x', '--no-media'],
    env: { DATABASE_URL: 'sqlite::memory:' }
  }).ended
  t.match(memory, { code: 2, stderr: /DATABASE_URL: a database in memory/ })
})

t.test('an error in the middle leaves nobody behind', async (t) => {
  const { addUser, importAll, rows, write } = someOfEverything(t)
  await importAll()
  const before = rows()
  write(
    `CREATE TRIGGER full BEFORE INSERT ON users WHEN new.id = 3000 BEGIN SELECT RAISE(ABORT, 'no more'); END`
  )
  for (let id = 1000; id <= 3500; id++) addUser(id, `more${id}`)
  const { code, stderr } = await importAll()
  t.equal(code, 2)
  t.match(stderr, /^fastify-user-profile could not run import-django: DATABASE_URL: .*no more\n$/)
  t.strictSame(rows(), before)
  write('DROP TRIGGER full')
  t.match(await importAll(), { code: 1, summary: { users: { created: 2501 } } })
})

t.test('while somebody else writes, it waits, and says so in the end', async (t) => {
  const { folder, importAll, start, media, rows } = someOfEverything(t)
  await importAll()
  const other = new Database(join(folder, 'data/profile.db'))
  t.teardown(() => other.close())
  other.exec('BEGIN IMMEDIATE')
  const { code, stderr } = await start('--media', media).ended
  t.equal(code, 2)
  t.match(stderr, /DATABASE_URL: .*database is locked/)
  t.equal(rows().length, 10)
})

t.test('pictures that can’t be kept stop it, and nobody is in', async (t) => {
  const { folder, importAll, hasDatabase, rows } = someOfEverything(t)
  mkdirSync(join(folder, 'media'))
  writeFileSync(join(folder, 'media/avatars'), 'a file where the folder should be')
  const { code, stderr } = await importAll()
  t.equal(code, 2)
  t.match(stderr, /MEDIA_ROOT: EEXIST/)
  t.ok(!hasDatabase() || rows().length === 0)
})
