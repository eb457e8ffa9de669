import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import t, { type Test } from 'tap'
import { type BackupFolder, claimFolder } from '../../../../src/cli/backup/backup-folder.ts'
import { copyPictures } from '../../../../src/cli/backup/copy-pictures.ts'
import { type BackupSource, openBackupSource } from '../../../../src/stores/sqlite/backup-source.ts'
import { openSqliteStores } from '../../../../src/stores/sqlite/open-sqlite.ts'
import { digestOf, found } from '../../../backups.ts'

const { signal } = new AbortController()
const nameOf = (stem: string) => `${createHash('md5').update(stem).digest('hex')}.jpg`

interface Ground {
  folder: string
  source: BackupSource
  to: BackupFolder
  /** As the service does it: file, row, and then the old file goes. */
  give(user: number, picture: string): void
  addUser(picture: string): void
  /** Copies what the source's view names. */
  copy(changed?: Partial<BackupSource>): Promise<number>
  /** Who has which picture by the copied rows, and by the files of the backup. */
  outcome(): Promise<{ rows: (string | null)[]; files: string[] | undefined }>
}

/** A database with two users who have pictures, which others write to while it is copied. */
async function ground(t: Test): Promise<Ground> {
  const folder = t.testdir({ data: {}, media: { avatars: {} } })
  const path = `${folder}/data/profile.db`
  await openSqliteStores({ path }).close()
  const writer = new Database(path, { timeout: 0 })
  writer.pragma('synchronous = OFF')
  const source = openBackupSource(path, { busyTimeoutMs: 1000 })
  t.teardown(() => {
    source.close()
    writer.close()
  })
  const to = await claimFolder(`${folder}/backup`, `${folder}/media`)
  const file = (picture: string) => `${folder}/media/avatars/${nameOf(picture)}`
  const put = (picture: string) => writeFileSync(file(picture), picture)

  const made: Ground = {
    folder,
    source,
    to,
    give(user, picture) {
      put(picture)
      const before = writer.prepare('select avatar from users where id = ?').pluck().get(user)
      writer.prepare('update users set avatar = ? where id = ?').run(nameOf(picture), user)
      rmSync(`${folder}/media/avatars/${before}`)
    },
    addUser(picture) {
      put(picture)
      writer
        .prepare(
          `insert into users (username, username_key, email, email_key, password, date_joined, avatar)
           values (:picture, :picture, :picture, :picture, '!', 0, :name)`
        )
        .run({ picture, name: nameOf(picture) })
    },
    copy: (changed = {}) =>
      copyPictures({
        source: { ...source, ...changed },
        from: `${folder}/media/avatars`,
        to,
        signal,
        onCopied() {}
      }),
    async outcome() {
      const copy = `${to.path}/profile.db`
      await source.copyInto(copy, { signal })
      const database = new Database(copy)
      const rows = database.prepare<[], string | null>('select avatar from users order by id').pluck().all()
      database.close()
      return { rows, files: found(to.pictures) }
    }
  }
  made.addUser('a')
  made.addUser('b')
  return made
}

t.test('what is written after the instant is not in the copy, checkpoints and all', async (t) => {
  const { folder, source, give, copy, outcome } = await ground(t)
  const takenAt = await copy()
  t.ok(takenAt <= Date.now() && takenAt > Date.now() - 60_000)
  give(1, 'later')
  const other = new Database(`${folder}/data/profile.db`)
  other.pragma('wal_checkpoint(PASSIVE)')
  give(2, 'later still')
  t.strictSame(source.listUncopied('', 10), [], 'the view is that of the instant')
  t.strictSame(await outcome(), {
    rows: [nameOf('a'), nameOf('b')],
    files: [nameOf('a'), nameOf('b')].sort()
  })
  t.equal(other.prepare('select avatar from users where id = 1').pluck().get(), nameOf('later'))
  other.close()
})

t.test('while the copy is under way, what others write does not come into it', async (t) => {
  const { source, to, addUser, copy } = await ground(t)
  // Some pages, so that there are steps between which somebody writes.
  for (let index = 0; index < 3500; index++) addUser(`filler ${index}`.padEnd(800, 'x'))
  await copy()
  let [steps, added] = [0, 0]
  await source.copyInto(`${to.path}/profile.db`, {
    signal,
    onPages() {
      steps++
      addUser(`meanwhile ${added++}`)
    }
  })
  t.ok(steps > 2, `${steps} steps`)
  const database = new Database(`${to.path}/profile.db`)
  t.equal(database.prepare('select count(*) from users').pluck().get(), 3502)
  t.strictSame(database.pragma('integrity_check'), [{ integrity_check: 'ok' }])
  database.close()
})

t.test('nobody can write at the instant, and everybody can right after it', async (t) => {
  const { source, give, copy } = await ground(t)
  let refusal = ''
  await copy({
    thaw() {
      try {
        give(1, 'refused')
      } catch (error) {
        refusal = String(error)
      }
      source.thaw()
      give(1, 'c')
    }
  })
  t.match(refusal, /database is locked/)
})

t.test('a picture that is replaced right after the instant is in the backup all the same', async (t) => {
  const { source, to, give, copy, outcome } = await ground(t)
  await copy({
    async freeze(signal) {
      // New since the first pass.
      give(1, 'c')
      return source.freeze(signal)
    },
    thaw() {
      source.thaw()
      give(1, 'd')
    }
  })
  t.strictSame(await outcome(), {
    rows: [nameOf('c'), nameOf('b')],
    files: [nameOf('b'), nameOf('c')].sort()
  })
  t.equal(digestOf(`${to.pictures}/${nameOf('c')}`), createHash('sha256').update('c').digest('hex'))
  t.strictSame(
    [...source.copied()].map(({ name, bytes }) => [name, bytes]),
    [nameOf('b'), nameOf('c')].sort().map((name) => [name, 1])
  )
})

t.test('where very many are new at the instant, they are copied first, and another is taken', async (t) => {
  const { source, addUser, copy, outcome } = await ground(t)
  let instants = 0
  await copy({
    async freeze(signal) {
      if (instants++ === 0) for (let index = 0; index < 450; index++) addUser(`new ${index}`)
      return source.freeze(signal)
    }
  })
  t.equal(instants, 2)
  const { rows, files } = await outcome()
  t.equal(rows.length, 452)
  t.strictSame(files, rows.sort())
})

t.test('where that does not end, it gives up', async (t) => {
  const { source, addUser, copy } = await ground(t)
  let instants = 0
  const endless = copy({
    async freeze(signal) {
      instants++
      for (let index = 0; index < 410; index++) addUser(`new ${instants} ${index}`)
      return source.freeze(signal)
    }
  })
  await t.rejects(endless, {
    name: 'Refusal',
    message: /^Pictures change faster than they can be copied/,
    exitCode: 2
  })
  t.equal(instants, 10)
  addUser('nothing stays locked')
})

t.test('what is no name of a picture is no path', async (t) => {
  const { folder, to, addUser, copy, outcome } = await ground(t)
  mkdirSync(`${folder}/media/avatars/sub`)
  writeFileSync(`${folder}/secret`, 'secret')
  addUser('e')
  const writer = new Database(`${folder}/data/profile.db`)
  const names = ['../../secret', 'sub', '/absolute']
  for (const [index, name] of names.entries())
    writer.prepare('update users set avatar = ? where id = ?').run(name, index + 1)
  writer.close()
  await copy()
  t.strictSame(await outcome(), { rows: names, files: [] })
  t.strictSame(found(to.path), ['avatars', 'profile.db'])
})
