import { existsSync, utimesSync, writeFileSync } from 'node:fs'
import { Writable } from 'node:stream'
import Database from 'better-sqlite3'
import t from 'tap'
import { adoptPictures } from '../../adopted-pictures.ts'
import { buildTestApp, eventually } from '../../helper.ts'
import { buildOverStores } from '../../own-stores.ts'
import { jpeg } from '../../pictures.ts'

t.test('strays past their grace and expired sessions are gone after the start; all else stays', async (t) => {
  const folder = t.testdir({})
  const first = await buildTestApp(t, { folder })
  const ada = await first.signUp()
  await first.update(ada, { form: [['avatar', { bytes: await jpeg() }]] })
  const avatar = String(first.row(ada.id)?.avatar)
  const path = (name: string) => `${folder}/media/avatars/${name}`
  for (const name of ['stray.jpg', '.half.tmp', 'young.jpg']) writeFileSync(path(name), 'x')
  const twoHoursAgo = Date.now() / 1000 - 7200
  for (const name of ['stray.jpg', '.half.tmp', avatar]) utimesSync(path(name), twoHoursAgo, twoHoursAgo)
  first.sql(
    'insert into sessions (id, user_id, expires_at) values (?, ?, ?)',
    'expired',
    ada.id,
    Date.now() - 1000
  )
  first.sql('insert into refresh_tokens (jti, session_id) values (?, ?)', 'expired-token', 'expired')
  await first.app.close()

  const second = await buildTestApp(t, { folder })
  await second.app.ready()
  await eventually(
    'the strays were removed',
    () => !existsSync(path('stray.jpg')) && !existsSync(path('.half.tmp'))
  )
  t.ok(existsSync(path('young.jpg')), 'a young stray may still get its row')
  t.ok(existsSync(path(avatar)), 'a picture in use stays, however old')
  const database = new Database(`${folder}/data/profile.db`)
  t.teardown(() => database.close())
  const count = (sql: string) => database.prepare(sql).pluck().get()
  await eventually(
    'the expired session was removed',
    () => count("select count(*) from sessions where id = 'expired'") === 0
  )
  t.equal(count("select count(*) from refresh_tokens where jti = 'expired-token'"), 0)
  t.equal(count('select count(*) from sessions'), 1)
})

t.test('strays of many batches are all removed, and pictures in use among them stay', async (t) => {
  const names = Array.from({ length: 1200 }, (_, index) => `stray${index}.jpg`)
  const folder = t.testdir({ media: { avatars: Object.fromEntries(names.map((name) => [name, 'x'])) } })
  const path = `${folder}/media/avatars`
  const first = await buildTestApp(t, { folder })
  const ada = await first.signUp()
  first.sql('update users set avatar = ? where id = ?', 'stray700.jpg', ada.id)
  await first.app.close()
  const twoHoursAgo = Date.now() / 1000 - 7200
  for (const name of names) utimesSync(`${path}/${name}`, twoHoursAgo, twoHoursAgo)
  const { app, pictures } = await buildTestApp(t, { folder })
  await app.ready()
  await eventually('the strays were removed', () => pictures().length === 1)
  t.strictSame(pictures(), ['stray700.jpg'])
})

t.test('of nodes that share their users, one that has not the turn leaves strays to the other', async (t) => {
  const asked: string[] = []
  const { app, folder, pictures } = await buildOverStores(t, ({ users }) => ({
    users: {
      ...users,
      takeTurn: async (task: string) => {
        asked.push(task)
        return false
      }
    }
  }))
  writeFileSync(`${folder}/media/avatars/stray.jpg`, 'x')
  utimesSync(`${folder}/media/avatars/stray.jpg`, 0, 0)
  await app.ready()
  await eventually('each task was asked for', () => asked.length === 2)
  t.strictSame(asked.sort(), ['removing expired sessions', 'removing stray pictures'])
  t.strictSame(pictures(), ['stray.jpg'])
  await app.close()
  t.strictSame(pictures(), ['stray.jpg'], 'closing waits for what runs; nothing ran')
})

t.test('MEDIA_SWEEP_GRACE sets the grace', async (t) => {
  const folder = t.testdir({ media: { avatars: { 'stray.jpg': 'x' } } })
  const path = `${folder}/media/avatars/stray.jpg`
  const twoMinutesAgo = Date.now() / 1000 - 120
  utimesSync(path, twoMinutesAgo, twoMinutesAgo)
  const { app } = await buildTestApp(t, { folder, env: { MEDIA_SWEEP_GRACE: '60' } })
  await app.ready()
  await eventually('the stray was removed', () => !existsSync(path))
})

t.test(
  'squares stay with their picture, however old; those without one go, and so do other sizes',
  async (t) => {
    const folder = t.testdir({})
    const first = await buildTestApp(t, { folder })
    const ada = await first.signUp()
    const { avatar } = (await first.update(ada, { form: [['avatar', { bytes: await jpeg() }]] })).json()
    const square = avatar.replace('.jpg', '@64.webp')
    t.equal((await first.call('GET', square)).statusCode, 200)
    const kept = first.pictures()
    t.equal(kept.length, 2)
    await first.app.close()
    const path = (name: string) => `${folder}/media/avatars/${name}`
    const strays = [`${'0'.repeat(32)}@64.webp`, String(kept[0]).replace(/[.@].*/, '@99.webp')]
    for (const name of strays) writeFileSync(path(name), 'x')
    const twoHoursAgo = Date.now() / 1000 - 7200
    for (const name of [...kept, ...strays]) utimesSync(path(name), twoHoursAgo, twoHoursAgo)

    const { app, pictures } = await buildTestApp(t, { folder })
    await app.ready()
    await eventually('the strays were removed', () => pictures().length <= 2)
    t.strictSame(pictures().sort(), kept.sort())
  }
)

t.test('a new database beside pictures of another costs none of them', async (t) => {
  const names = Array.from({ length: 10 }, (_, index) => `${index}.jpg`)
  const folder = t.testdir({ media: { avatars: Object.fromEntries(names.map((name) => [name, 'x'])) } })
  const twoHoursAgo = Date.now() / 1000 - 7200
  for (const name of names) utimesSync(`${folder}/media/avatars/${name}`, twoHoursAgo, twoHoursAgo)
  const lines: string[] = []
  const stream = new Writable({
    write(line, _, done) {
      lines.push(String(line))
      done()
    }
  })
  const { app, pictures } = await buildTestApp(t, { folder, logger: { level: 'error', stream } })
  await app.ready()
  await eventually('it was logged', () =>
    lines.some((line) => line.includes('are they those of this database?'))
  )
  t.equal(pictures().length, 10)
})

t.test('pictures from elsewhere stay while a user has them, and go when none does', async (t) => {
  const folder = t.testdir({})
  const first = await buildTestApp(t, { folder })
  const bytes = await jpeg()
  const [kept, bare] = await adoptPictures(folder, { 'users/7/é+1%.jpg': bytes, 'avatars/a (1).jpg': bytes })
  const strays = await adoptPictures(folder, {
    'users/8/é.jpg': bytes,
    'a.jpg': bytes,
    'avatars/b c.jpg': bytes
  })
  const [young] = await adoptPictures(folder, { 'users/9.jpg': bytes })
  for (const key of [kept, bare]) {
    const { id } = await first.signUp()
    first.sql('update users set avatar = ? where id = ?', key, id)
  }
  await first.app.close()
  const twoHoursAgo = Date.now() / 1000 - 7200
  for (const name of [kept, bare, ...strays])
    utimesSync(`${folder}/media/avatars/${name}`, twoHoursAgo, twoHoursAgo)
  const { app, pictures } = await buildTestApp(t, { folder })
  await app.ready()
  await eventually('the strays were removed', () => pictures().length <= 3)
  t.strictSame(pictures().sort(), [kept, bare, young].sort())
})
