import { rmSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { errors } from '../../../src/errors.ts'
import { buildTestApp, stoppedClock } from '../../helper.ts'
import { jpeg } from '../../pictures.ts'
import { addAdministrator } from './visitors.ts'

async function build(t: Test) {
  const clock = stoppedClock()
  const service = await buildTestApp(t, { clock })
  const { token } = await addAdministrator(service, 'staff')
  const status = () => service.call('GET', '/api/admin/status/', { token })
  return { clock, service, token, status }
}

t.test('what there is, and how it is', async (t) => {
  const { service, clock, status } = await build(t)
  const account = await service.signUp()
  await service.update(account, { form: [['avatar', { bytes: await jpeg() }]] })
  const answer = await status()
  t.equal(answer.statusCode, 200)
  t.equal(answer.headers['cache-control'], 'no-store')
  const { service: about, health, storage } = answer.json()
  t.strictSame(about, {
    version: about.version,
    node: process.version,
    started_at: `${new Date(clock.now()).toISOString().slice(0, 19)}Z`
  })
  t.match(about.version, /^\d+\.\d+\.\d+/)
  t.strictSame(health, { database: 'ok', pictures: 'ok' })
  t.match(storage, { users: 2, users_estimated: false, avatars: 1, sessions: 1, acts: 0 })
  // Of the disk of a server nothing is known.
  const isFile = process.env.TEST_POSTGRES === undefined
  t.equal(storage.database_free_bytes === null, !isFile)
  for (const name of ['database_bytes', 'media_free_bytes', ...(isFile ? ['database_free_bytes'] : [])])
    t.ok(Number.isInteger(storage[name]) && storage[name] > 0, name)
  t.notMatch(answer.body, service.folder, 'no path is told')
  t.equal(Object.keys(storage).length, 8)
})

t.test('figures are kept for a minute, and counted once however many ask', async (t) => {
  const { service, clock, status } = await build(t)
  const { admin } = service.app.stores
  let counted = 0
  const figures = admin.figures
  const watched = t.capture(admin, 'figures', () => {
    counted++
    return figures()
  })
  await Promise.all([status(), status(), status()])
  t.equal(counted, 1)
  await service.signUp()
  t.equal((await status()).json().storage.users, 1)
  clock.advance(59_999)
  await status()
  t.equal(counted, 1)
  clock.advance(1)
  t.equal((await status()).json().storage.users, 2)
  t.equal(counted, 2)
  watched.restore()
})

t.test('figures that can’t be had are null, are not kept, and nothing else is missing', async (t) => {
  const { service, status } = await build(t)
  const away = () => Promise.reject(errors.unavailable(new Error('postgres://user:hunter2@db')))
  const figures = t.capture(service.app.stores.admin, 'figures', away)
  const newest = t.capture(service.app.stores.admin, 'newest', away)
  const answer = await status()
  t.equal(answer.statusCode, 200)
  t.strictSame(answer.json().health, { database: 'away', pictures: 'ok' })
  t.strictSame(Object.values(answer.json().storage), [null, false, null, null, null, null, null, null])
  t.notMatch(answer.body, /hunter2/)
  figures.restore()
  newest.restore()
  t.match((await status()).json(), { health: { database: 'ok' }, storage: { users: 1 } })
})

t.test('pictures that are away are told, and the figures of rows are there', async (t) => {
  const { service, status } = await build(t)
  rmSync(join(service.folder, 'media/avatars'), { recursive: true })
  const answer = await status()
  t.equal(answer.statusCode, 200)
  t.match(answer.json(), {
    health: { database: 'ok', pictures: 'away' },
    storage: { users: 1, media_free_bytes: null }
  })
})

t.test('imports are as the store has them', async (t) => {
  const { service, token } = await build(t)
  const imports = t.capture(service.app.stores.admin, 'imports', async (limit: number) => {
    t.equal(limit, 20)
    return [
      { id: 3, at: Date.UTC(2026, 0, 2, 3, 4, 5), summary: { users: { imported: 2 } }, findings: [{ id: 7 }] }
    ]
  })
  const answer = await service.call('GET', '/api/admin/imports/', { token })
  imports.restore()
  t.strictSame(answer.json(), {
    results: [
      { id: 3, at: '2026-01-02T03:04:05Z', summary: { users: { imported: 2 } }, findings: [{ id: 7 }] }
    ]
  })
})
