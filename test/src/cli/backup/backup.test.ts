import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import t from 'tap'
import { claimFolder } from '../../../../src/cli/backup/backup-folder.ts'
import { addForeign, backedUp, contentOf, deployed, found, OWN_SECRET, runIn } from '../../../backups.ts'
import { sql } from '../../../commands.ts'
import { buildTestApp, eventually, PASSWORD } from '../../../helper.ts'
import { run, signInAt, startService } from '../../../service.ts'

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

t.test(
  'a backup that is restored elsewhere is the same service: rows, pictures, tokens, passwords',
  async (t) => {
    const { folder, accounts, avatars } = await deployed(t)
    const [ada, bob] = accounts as [(typeof accounts)[0], (typeof accounts)[0]]
    const foreign = await addForeign(folder, bob)
    rmSync(`${folder}/media/avatars/${avatars[1]}`)
    const before = contentOf(folder)
    const { code, stdout, stderr } = await runIn(folder, 'backup', 'backup')
    t.match({ code, stderr }, { code: 0, stderr: '' })
    t.match(
      stdout,
      /^3 users and 3 pictures as of \d{4}-[\d-]+T[\d:.]+Z are in \S+\/backup: [\d,]+ bytes, \d+\.\d s\.\n$/
    )
    t.strictSame(contentOf(folder), before, 'the source is as it was')
    t.strictSame(
      found(`${folder}/data`)?.filter((name) => !name.endsWith('-reserve')),
      ['jwt-secret', 'profile.db']
    )

    const backup = `${folder}/backup`
    t.strictSame(found(backup), ['avatars', 'jwt-secret', 'manifest.json', 'profile.db'])
    t.strictSame(found(`${backup}/avatars`), [foreign, avatars[0], avatars[2]].sort(), 'without squares')
    for (const name of ['.', 'avatars']) t.equal(modeOf(`${backup}/${name}`), '700')
    for (const name of ['profile.db', 'jwt-secret', 'manifest.json', `avatars/${avatars[0]}`])
      t.equal(modeOf(`${backup}/${name}`), '600', name)

    const elsewhere = `${folder}/other-machine`
    mkdirSync(elsewhere)
    const restored = await runIn(elsewhere, 'restore', backup)
    t.match(restored, { code: 0, stderr: '', stdout: /^3 users and 3 pictures as of .* are in .*\n$/ })
    t.strictSame(contentOf(elsewhere), before)
    t.equal(modeOf(`${elsewhere}/data/profile.db`), '600')
    t.equal(modeOf(`${elsewhere}/data/jwt-secret`), '600')
    t.match(await runIn(elsewhere, 'doctor'), { code: 0, stdout: /Nothing is wrong/ })

    const service = await buildTestApp(t, { folder: elsewhere, env: OWN_SECRET })
    for (const { id, email, access, refresh } of [ada, bob]) {
      const profile = await service.call('GET', `/api/profile/${id}/`, { token: access })
      t.match(profile.json(), { id, email })
      t.equal((await service.call('GET', profile.json().avatar)).statusCode, 200)
      t.equal((await service.call('POST', '/api/token/refresh/', { json: { refresh } })).statusCode, 200)
      const json = { email, password: PASSWORD }
      t.equal((await service.call('POST', '/api/sign-in/', { json })).statusCode, 200)
    }
  }
)

t.test('as JSON it says the same', async (t) => {
  const { folder } = await deployed(t)
  const { code, stdout } = await runIn(folder, 'backup', 'made/for/it', '--json', '--without-secret')
  t.equal(code, 0)
  const manifest = JSON.parse(readFileSync(`${folder}/made/for/it/manifest.json`, 'utf8'))
  t.match(JSON.parse(stdout), {
    folder: `${folder}/made/for/it`,
    takenAt: manifest.takenAt,
    users: 3,
    pictures: 3,
    missing: 0,
    bytes: manifest.counts.bytes,
    secret: false,
    seconds: Number
  })
  t.notOk(existsSync(`${folder}/made/for/it/jwt-secret`))
  t.match(manifest, {
    product: 'fastify-user-profile',
    formatVersion: 1,
    productVersion: JSON.parse(readFileSync('package.json', 'utf8')).version,
    schema: { migrations: readdirSync('drizzle/sqlite').filter((name) => name.endsWith('.sql')).length },
    counts: { users: 3, pictures: 3, missing: 0 },
    checksum: /^[0-9a-f]{64}$/
  })
  t.equal(manifest.files.length, 4)
  t.match(await runIn(folder, 'restore', '--verify', 'made/for/it'), {
    code: 0,
    stdout: /^The backup is whole: 3 users/
  })
})

t.test('a service that was killed, and one that runs, are backed up with what is in their log', async (t) => {
  const { folder, accounts } = await deployed(t, { users: 1 })
  const [ada] = accounts as [(typeof accounts)[0]]
  for (const signal of [undefined, 'SIGKILL'] as const) {
    const service = await startService(t, folder)
    t.equal((await signInAt(service.origin, ada.email, PASSWORD)).status, 200)
    t.ok(statSync(`${folder}/data/profile.db-wal`).size > 0)
    if (signal) await service.stop(signal)
    const backup = await backedUp(folder, `backup-${signal}`)
    if (!signal) await service.stop()
    const before = contentOf(folder)
    const copy = new Database(`${backup}/profile.db`, { readonly: true })
    t.strictSame(copy.prepare('select * from sessions order by 1').all(), before.rows.sessions)
    t.strictSame(copy.prepare('select * from users').all(), before.rows.users)
    copy.close()
    t.strictSame(found(backup), ['avatars', 'jwt-secret', 'manifest.json', 'profile.db'])
  }
})

t.test('pictures that are missing, or are no files, are told and listed', async (t) => {
  const { folder, avatars } = await deployed(t)
  const [first = '', second = ''] = avatars
  rmSync(`${folder}/media/avatars/${first}`)
  rmSync(`${folder}/media/avatars/${second}`)
  mkdirSync(`${folder}/media/avatars/${second}`)
  sql(folder, "update users set avatar = '../../data/jwt-secret' where avatar = ?", avatars[2])
  const { code, stdout } = await runIn(folder, 'backup', 'backup')
  t.equal(code, 0)
  t.match(stdout, /^Missing: 3 pictures that users refer to; "fastify-user-profile doctor" names them\.$/m)
  const { missing } = JSON.parse(readFileSync(`${folder}/backup/manifest.json`, 'utf8'))
  t.strictSame(missing, ['../../data/jwt-secret', first, second].sort())
  t.strictSame(found(`${folder}/backup/avatars`), [])
  const verified = await runIn(folder, 'restore', '--verify', 'backup')
  t.match(verified, { code: 0, stdout: /^Missing: 3 pictures that users refer to; /m })
})

t.test('a folder that is not new or empty, and one that others may read, is refused', async (t) => {
  const { folder } = await deployed(t, { users: 1 })
  mkdirSync(`${folder}/used`)
  writeFileSync(`${folder}/used/file`, 'mine')
  mkdirSync(`${folder}/empty`, { mode: 0o755 })
  const refusals: [string, RegExp][] = [
    ['used', /\/used is not empty: name a new folder\.\n$/],
    ['used/file', /\/used\/file is no folder: name a new one\.\n$/],
    ['used/file/below', /\/used\/file\/below is no folder: name a new one\.\n$/],
    ['media/backup', /\/media\/backup is in MEDIA_ROOT, whose files everybody may read\.\n$/]
  ]
  for (const [name, sentence] of refusals) {
    const { code, stdout, stderr } = await runIn(folder, 'backup', name)
    t.strictSame([code, stdout], [1, ''], name)
    t.match(stderr, sentence)
  }
  t.strictSame(found(`${folder}/used`), ['file'])
  t.notOk(existsSync(`${folder}/media/backup`))
  t.equal((await runIn(folder, 'backup', 'empty')).code, 0)
  t.equal(modeOf(`${folder}/empty`), '700')
  t.equal((await runIn(folder, 'backup', 'empty')).code, 1, 'not twice')
  t.equal((await runIn(folder, 'restore', '--verify', 'empty')).code, 0)
})

t.test('what keeps it from its end is said, and nothing is left of it', async (t) => {
  const folder = t.testdir({ data: {}, media: { avatars: {} } })
  const backUp = () => runIn(folder, 'backup', 'backup')
  t.match(await backUp(), {
    code: 2,
    stderr: /^There is nothing to back up: \S+profile\.db does not exist\.\n$/
  })
  writeFileSync(`${folder}/data/profile.db`, 'no database, and long enough to be looked at as if it were one')
  t.match(await backUp(), {
    code: 2,
    stderr: /DATABASE_URL: .*file is not a database; nothing is left of the backup\.\n$/
  })
  rmSync(`${folder}/data/profile.db`)
  new Database(`${folder}/data/profile.db`).exec('create table other (x)').close()
  t.match(await backUp(), {
    code: 2,
    stderr: /DATABASE_URL: .*no such table: users; nothing is left of the backup\.\n$/
  })
  rmSync(`${folder}/media/avatars`, { recursive: true })
  t.match(await backUp(), {
    code: 2,
    stderr: /^There is nothing to back up: \S+media\/avatars does not exist\.\n$/
  })
  const memory = await run(folder, { args: ['backup', 'backup'], env: { DATABASE_URL: 'sqlite::memory:' } })
    .ended
  t.match(memory, { code: 2, stderr: /DATABASE_URL: a database in memory/ })
  t.notOk(existsSync(`${folder}/backup`))
})

t.test('a database that is damaged is told, not backed up', async (t) => {
  const { folder } = await deployed(t)
  const path = `${folder}/data/profile.db`
  const damaged = new Database(path)
  damaged.pragma('foreign_keys = OFF')
  damaged.prepare("insert into sessions (id, user_id, expires_at) values ('s', 99, 1)").run()
  damaged.close()
  t.match(await runIn(folder, 'backup', 'backup'), {
    code: 2,
    stdout: '',
    stderr: 'The database is damaged, and so would be its backup: row 4 of sessions refers to nothing\n'
  })
  const bytes = readFileSync(path)
  bytes.fill(0x5a, bytes.length - 4000)
  writeFileSync(path, bytes)
  const { code, stderr } = await runIn(folder, 'backup', 'backup')
  t.equal(code, 2)
  t.match(stderr, /damaged|malformed/)
  t.notOk(existsSync(`${folder}/backup`))
})

t.test(
  'while somebody else writes it waits as long as the service does, and says so in the end',
  async (t) => {
    const { folder } = await deployed(t)
    const other = new Database(`${folder}/data/profile.db`)
    t.teardown(() => other.close())
    other.exec('BEGIN IMMEDIATE')
    const waiting = run(folder, { args: ['backup', 'one'] })
    await eventually('the pictures are there', () => found(`${folder}/one/avatars`)?.length === 3)
    other.exec('ROLLBACK')
    t.match(await waiting.ended, { code: 0 })
    other.exec('BEGIN IMMEDIATE')
    t.match(await runIn(folder, 'backup', 'two'), {
      code: 2,
      stdout: '',
      stderr: 'Another process kept the database locked; nothing is left of the backup.\n'
    })
    t.notOk(existsSync(`${folder}/two`))
  }
)

t.test('a disk that takes no more is said, and nothing is left', async (t) => {
  const { folder } = await deployed(t)
  mkdirSync(`${folder}/empty`)
  // As beside the service: what is shared is there.
  const open = new Database(`${folder}/data/profile.db`)
  open.prepare('select * from users').all()
  t.teardown(() => open.close())
  // Files of more than so many blocks of 512 bytes can't be written, nor does that end the process.
  const [few, many] = [1, 8]
  for (const blocks of [few, many])
    for (const name of ['new', 'empty']) {
      const { code, stderr } = await limited(folder, blocks, 'backup', name)
      t.equal(code, 2, `${blocks} ${name}`)
      t.match(
        stderr,
        /^.*(?:EFBIG: file too large|The rows could not be copied).*; nothing is left of the backup\.\n$/
      )
      t.strictSame([found(`${folder}/new`), found(`${folder}/empty`)], [undefined, []])
    }
})

/** Runs a command that can't write longer files, without the files that tap would have it write. */
function limited(folder: string, blocks: number, ...args: string[]) {
  const script = `unset NODE_OPTIONS; trap '' XFSZ; ulimit -f ${blocks}; exec "$0" "$@"`
  return run(folder, { args, under: ['/bin/sh', '-c', script] }).ended
}

t.test('a disk that would be full after it is left alone', async (t) => {
  const folder = await claimFolder(`${t.testdir({})}/backup`, 'media')
  await t.resolves(folder.requireRoom(0))
  const tooMuch = folder.requireRoom(Number.MAX_SAFE_INTEGER)
  await t.rejects(tooMuch, {
    name: 'Refusal',
    message: /^There is no room for it on the disk of /,
    exitCode: 2
  })
})

t.test('words that it does not know end it with the usage', async (t) => {
  const folder = t.testdir({})
  for (const args of [[], ['one', 'two'], ['--all', 'one'], ['']]) {
    const { code, stdout, stderr } = await runIn(folder, 'backup', ...args)
    t.strictSame([code, stdout], [2, ''], args.join(' '))
    t.match(stderr, /\n\nfastify-user-profile backup FOLDER \[options\]\n/)
    t.notMatch(stderr, /^\s+at /m)
  }
  t.strictSame(readdirSync(folder), [])
})
