import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import Database from 'better-sqlite3'
import t from 'tap'
import { contentOf, digestOf, found, isThen, movedOn, OWN_SECRET, runIn } from '../../../backups.ts'
import { rowsOf, sql } from '../../../commands.ts'
import { buildTestApp, withDatabase } from '../../../helper.ts'
import { run } from '../../../service.ts'

const databaseOf = (folder: string) => `${folder}/data/profile.db`
const lastId = (folder: string) =>
  Number(rowsOf(folder, "select seq from sqlite_sequence where name = 'users'")[0]?.seq)

t.test(
  'what is there is replaced only where that is asked for, and nothing of it is left then',
  async (t) => {
    const { folder, backup, then, late } = await movedOn(t)
    const before = contentOf(folder)
    const refused = await runIn(folder, 'restore', 'backup')
    t.match(refused, {
      code: 1,
      stdout: '',
      stderr: `There is ${databaseOf(folder)} already: --replace puts the backup in its place.\n`
    })
    t.strictSame(contentOf(folder), before)
    const { code, stdout, stderr } = await runIn(folder, 'restore', '--replace', 'backup')
    t.match({ code, stderr }, { code: 0, stderr: '' })
    t.match(stdout, /^Deleted: \d+ pictures of the old database\.$/m)
    await isThen(t, folder, then)
    t.strictSame(found(`${folder}/media/.uploads`), [])
    t.equal(lastId(folder), late.id, 'the id of who came later is not given again')
    t.ok(existsSync(backup))

    const json = await runIn(folder, 'restore', '--replace', '--json', 'backup')
    t.match(JSON.parse(json.stdout), {
      restored: true,
      users: 3,
      pictures: 3,
      missing: 0,
      secret: 'same',
      others: 0
    })
    await isThen(t, folder, then)
  }
)

t.test(
  'tokens of people who came after the backup do not open the accounts of those who come next',
  async (t) => {
    const { folder, late } = await movedOn(t)
    for (const args of [['--replace'], ['lost']]) {
      if (args[0] === 'lost') rmSync(databaseOf(folder))
      const { code } = await runIn(folder, 'restore', 'backup', ...args.filter((arg) => arg !== 'lost'))
      t.equal(code, 0)
      const service = await buildTestApp(t, { folder, env: OWN_SECRET })
      const next = await service.signUp()
      t.ok(next.id > late.id, `${next.id} after ${late.id}`)
      t.equal((await service.call('GET', '/api/profile/', { token: late.access })).statusCode, 401)
      await service.app.close()
    }
  }
)

t.test('an old database that can’t be read is kept aside', async (t) => {
  const { folder, then } = await movedOn(t)
  const garbage = Buffer.alloc(20_000, 7)
  writeFileSync(databaseOf(folder), garbage)
  const { code, stdout } = await runIn(folder, 'restore', '--replace', 'backup')
  t.equal(code, 0)
  const kept = /^The old database could not be read\. It is kept as (\S+)\.$/m.exec(stdout)?.[1] ?? ''
  t.ok(readFileSync(kept).equals(garbage))
  await isThen(t, folder, then)
})

t.test('the secret comes along, but not in the place of another unless that is replaced', async (t) => {
  const { folder, backup, accounts } = await movedOn(t)
  const secret = readFileSync(`${backup}/jwt-secret`, 'utf8')
  const place = `${folder}/other-machine`
  mkdirSync(`${place}/data`, { recursive: true })
  const other = 'another-secret-of-the-tests-0123456789-0123456789'
  writeFileSync(`${place}/data/jwt-secret`, other)
  const kept = await runIn(place, 'restore', backup)
  t.match(kept, {
    code: 0,
    stdout: /^The key of tokens that is there stays\. .* people have to sign in again\.$/m
  })
  t.equal(readFileSync(`${place}/data/jwt-secret`, 'utf8'), other)
  t.equal((await runIn(place, 'restore', '--replace', backup)).code, 0)
  t.equal(readFileSync(`${place}/data/jwt-secret`, 'utf8'), secret)
  t.equal(statSync(`${place}/data/jwt-secret`).mode & 0o777, 0o600)
  const service = await buildTestApp(t, { folder: place, env: OWN_SECRET })
  const { access: token } = accounts[1] as (typeof accounts)[0]
  t.equal((await service.call('GET', '/api/profile/', { token })).statusCode, 200)
})

t.test('a database that was lost comes back beside the pictures that are there', async (t) => {
  const { folder, backup, avatars } = await movedOn(t)
  rmSync(databaseOf(folder))
  // One of the pictures is damaged, one is a link.
  const [first = '', second = ''] = avatars
  appendFileSync(`${folder}/media/avatars/${first}`, 'damage')
  rmSync(`${folder}/media/avatars/${second}`, { force: true })
  symlinkSync('../../data/jwt-secret', `${folder}/media/avatars/${second}`)
  const { code, stdout } = await runIn(folder, 'restore', 'backup')
  t.equal(code, 0)
  t.match(
    stdout,
    /^Left: \d files in the folder of pictures of no user; "fastify-user-profile doctor" names them\.$/m
  )
  for (const name of [first, second])
    t.equal(digestOf(`${folder}/media/avatars/${name}`), digestOf(`${backup}/avatars/${name}`))
  t.equal(readFileSync(`${folder}/data/jwt-secret`, 'utf8').length, 64, 'nothing was written by the link')
  t.ok(existsSync(`${folder}/media/avatars/stray.jpg`), 'nothing is deleted that was not to be replaced')
  t.equal((await runIn(folder, 'doctor', '--fix')).code, 0)
})

t.test('a backup of an older version is brought up to date at the next start', async (t) => {
  const { folder, backup } = await movedOn(t)
  const { migrations, newest } = JSON.parse(readFileSync(`${backup}/manifest.json`, 'utf8')).schema
  const place = `${folder}/other-machine`
  mkdirSync(place)
  for (const table of ['audit_log', 'imports']) sql(folder, `drop table ${table}`)
  sql(folder, 'alter table sessions drop column started_at')
  sql(folder, 'delete from __drizzle_migrations where created_at = ?', newest)
  t.equal((await runIn(folder, 'backup', 'older')).code, 0)
  t.equal(JSON.parse(readFileSync(`${folder}/older/manifest.json`, 'utf8')).schema.migrations, migrations - 1)
  t.equal((await runIn(place, 'restore', `${folder}/older`)).code, 0)
  const service = await buildTestApp(t, { folder: place, env: OWN_SECRET })
  t.ok((await service.signUp()).id > 0)
  const started = rowsOf(place, 'select started_at from sessions order by started_at')
  t.equal(started[0]?.started_at, null)
  t.ok(Number(started.at(-1)?.started_at) > Date.now() - 60_000)
  t.strictSame(rowsOf(place, 'select * from audit_log'), [])
})

t.test('what fails leaves all as it was', async (t) => {
  const { folder, backup } = await movedOn(t)
  const before = contentOf(folder)
  const files = found(`${folder}/media/avatars`)
  const failing: [what: string, run: () => Promise<{ code: number; stderr: string }>, sentence: RegExp][] = [
    ['no room for pictures', () => limited(folder, 1), /file too large.*; nothing was restored\.\n$/],
    ['no room for the rows', () => limited(folder, 8), /file too large.*; nothing was restored\.\n$/]
  ]
  for (const [what, fail, sentence] of failing) {
    const { code, stderr } = await fail()
    t.equal(code, 2, what)
    t.match(stderr, sentence, what)
    t.strictSame(contentOf(folder), before, what)
    t.strictSame(found(`${folder}/media/avatars`), files, what)
    t.notMatch(found(`${folder}/data`)?.join(), /restor/, what)
  }
  rmSync(`${folder}/media`, { recursive: true })
  writeFileSync(`${folder}/media`, 'no folder')
  t.match(await runIn(folder, 'restore', '--replace', 'backup'), {
    code: 2,
    stderr: /^MEDIA_ROOT: .*; nothing was restored\.\n$/
  })
  t.strictSame(
    withDatabase(databaseOf(folder), (database) => database.prepare('select * from users').all()),
    before.rows.users
  )
  const memory = await run(folder, { args: ['restore', backup], env: { DATABASE_URL: 'sqlite::memory:' } })
    .ended
  t.match(memory, { code: 2, stderr: /DATABASE_URL: a database in memory/ })
})

/** Replaces, and can't write longer files than so many blocks of 512 bytes. */
function limited(folder: string, blocks: number) {
  // Without the files that tap would have it write.
  const script = `unset NODE_OPTIONS; trap '' XFSZ; ulimit -f ${blocks}; exec "$0" "$@"`
  const args = ['restore', '--replace', 'backup']
  return run(folder, { args, under: ['/bin/sh', '-c', script] }).ended
}

t.test('two restores to one place are not done at once', async (t) => {
  const { folder, then } = await movedOn(t)
  const lock = new Database(`${databaseOf(folder)}-restore-lock`)
  lock.exec('BEGIN EXCLUSIVE')
  t.match(await runIn(folder, 'restore', '--replace', 'backup'), {
    code: 1,
    stderr: 'Another restore to the same place is under way; nothing was restored.\n'
  })
  lock.close()
  t.equal(
    (await runIn(folder, 'restore', '--replace', 'backup')).code,
    0,
    'the lock of one that ended is none'
  )
  await isThen(t, folder, then)
  t.ok(readdirSync(folder).includes('backup'))
})
