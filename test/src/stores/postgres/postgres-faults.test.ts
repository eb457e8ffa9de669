import pg from 'pg'
import t, { type Test } from 'tap'
import type { RowStores } from '../../../../src/open-stores.ts'
import type { UserId } from '../../../../src/users/user.ts'
import { newUser } from '../../../contracts/user-store.ts'
import { buildTestApp, eventually } from '../../../helper.ts'
import { startPostgres } from '../../../postgres.ts'
import { changeUrl, openStores, prepareDatabase, querySql } from '../../../postgres-stores.ts'
import { startSilentProxy } from '../../../silent-proxy.ts'

const server = await startPostgres(t)
const emptyDatabase = await prepareDatabase(server)

const UNAVAILABLE = { name: 'ServiceError', code: 'unavailable', status: 503 }

/** A user, whose row somebody else keeps locked until the end or `release`. */
async function lockedUser(t: Test, url: string, { users }: RowStores) {
  const { id } = await users.create(newUser('ada'))
  const client = new pg.Client(url)
  client.on('error', () => {})
  await client.connect()
  t.teardown(() => client.end())
  await client.query('begin')
  await client.query('select 1 from users where id = $1 for update', [id])
  return { id, release: () => client.query('rollback') }
}

t.test('a row that somebody keeps locked is waited for up to a time, and nothing is written', async (t) => {
  const url = await emptyDatabase()
  const stores = await openStores(t, { url, statementTimeoutMs: 300 })
  const { users, sessions } = stores
  const { id, release } = await lockedUser(t, url, stores)
  await t.rejects(users.update(id, { firstName: 'late' }), UNAVAILABLE)
  await t.rejects(users.update(id, { extra: { late: 1 } }), UNAVAILABLE)
  await t.rejects(users.revokeTokens(id, 5), UNAVAILABLE)
  await t.rejects(sessions.start(id, { jti: 'a', expiresAt: 1 }, 0), UNAVAILABLE)
  t.match(await users.findById(id), { firstName: '', extra: null, tokenEpoch: 0 }, 'reading needs no lock')
  await release()
  t.match(await users.update(id, { firstName: 'now' }), { user: { firstName: 'now' } })
})

t.test('where all connections are busy some wait, up to a number and a time', async (t) => {
  const url = await emptyDatabase()
  const limits = { poolSize: 1, connectTimeoutMs: 1000, statementTimeoutMs: 60_000 }
  const stores = await openStores(t, { url, ...limits })
  const { users } = stores
  const { id, release } = await lockedUser(t, url, stores)
  const busy = users.update(id, { username: 'first' })
  // It has the connection then.
  await new Promise(setImmediate)
  // Each by a statement of its own.
  const outcomes = Array.from({ length: 105 }, () =>
    users.findWithPassword(id).then(
      () => 'served',
      (error) => error.code
    )
  )
  t.strictSame(
    await Promise.all(outcomes.slice(100)),
    Array.from({ length: 5 }, () => 'overloaded'),
    'past a hundred for each connection nobody waits'
  )
  t.strictSame(new Set(await Promise.all(outcomes.slice(0, 100))), new Set(['unavailable']))
  await release()
  t.match(await busy, { user: { username: 'first' } })
  t.match(await users.findById(id), { username: 'first' })
})

t.test('connections that the server ends are replaced, and no write happens by halves', async (t) => {
  const url = await emptyDatabase()
  const stores = await openStores(t, { url })
  const { users } = stores
  const ids: UserId[] = []
  for (let index = 0; index < 8; index++) ids.push((await users.create(newUser(`user${index}`))).id)
  /** What the row may hold: what was acknowledged last, and what was tried since. */
  const possible = new Map(ids.map((id) => [id, ['']]))
  let refused = 0
  let over = false
  const traffic = ids.map(async (id) => {
    for (let round = 0; !over; round++) {
      const text = `round ${round}`
      try {
        await users.update(id, { firstName: text, lastName: text })
        possible.set(id, [text])
      } catch (error) {
        t.match(error, UNAVAILABLE)
        possible.get(id)?.push(text)
        refused++
      }
    }
  })
  for (let kills = 0; kills < 5 || refused === 0; kills++) {
    await querySql(
      url,
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'fastify-user-profile'"
    )
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  over = true
  await Promise.all(traffic)
  for (const id of ids) {
    const user = await users.findById(id)
    t.ok(possible.get(id)?.includes(user?.firstName ?? 'nobody'))
    t.equal(user?.firstName, user?.lastName)
  }
})

t.test('while the server is away there are 503s, and when it is back all goes on by itself', async (t) => {
  const app = await buildTestApp(t, { env: { DATABASE_URL: await emptyDatabase() } })
  const accounts = [await app.signUp(), await app.signUp(), await app.signUp()]
  const acknowledged = new Map<number, string>()
  const statuses = new Set<number>()
  let over = false
  const traffic = accounts.map(async (account) => {
    for (let round = 0; !over; round++) {
      const first_name = `round ${round}`
      const response = await app.update(account, { json: { first_name } })
      statuses.add(response.statusCode)
      if (response.statusCode === 200) acknowledged.set(account.id, first_name)
      else t.ok(response.headers['retry-after'], response.body)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })
  const ready = async () => (await app.call('GET', '/health/ready')).statusCode
  t.equal(await ready(), 200)
  await server.stop('SIGQUIT')
  await eventually('a request is refused', () => statuses.has(503))
  t.equal(await ready(), 503)
  t.equal((await app.call('GET', '/health/live')).statusCode, 200)
  await server.start()
  await eventually('it is ready again', async () => (await ready()) === 200)
  const before = new Map(acknowledged)
  await eventually('each account is written again', () =>
    accounts.every(({ id }) => acknowledged.get(id) !== before.get(id))
  )
  over = true
  await Promise.all(traffic)
  t.strictSame([...statuses].sort(), [200, 503])
  for (const account of accounts) {
    const profile = await app.call('GET', `/api/profile/${account.id}/`, { token: account.access })
    t.equal(profile.json().first_name, acknowledged.get(account.id))
  }
})

t.test('a server that falls silent is given up, and found again', async (t) => {
  const url = await emptyDatabase()
  const proxy = await startSilentProxy(t, server.port)
  const { users } = await openStores(t, {
    url: changeUrl(url, { port: String(proxy.port) }),
    poolSize: 2,
    connectTimeoutMs: 500,
    statementTimeoutMs: 200
  })
  const { id } = await users.create(newUser('ada'))
  proxy.freeze()
  await t.rejects(users.update(id, { firstName: 'lost?' }), UNAVAILABLE, 'by a connection that there was')
  await t.rejects(users.findById(id), UNAVAILABLE, 'by a new one')
  await t.rejects(users.isEmpty(), UNAVAILABLE, 'at once')
  proxy.thaw()
  await eventually('it is found again', () =>
    users.findById(id).then(
      () => true,
      () => false
    )
  )
  t.match(await users.update(id, { firstName: 'here' }), { user: { firstName: 'here' } })
})

t.test('a database that takes no writes is unavailable for them until it takes them again', async (t) => {
  const url = await emptyDatabase()
  const name = new URL(url).pathname.slice(1)
  const { users } = await openStores(t, { url })
  const { id } = await users.create(newUser('ada'))
  await querySql(url, `alter database ${name} set default_transaction_read_only = on`)
  await querySql(
    url,
    'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()'
  )
  await eventually('a new connection reads', () => users.findById(id).then(Boolean, () => false))
  await t.rejects(users.update(id, { firstName: 'x' }), UNAVAILABLE)
  await t.rejects(users.revokeTokens(id, 5), UNAVAILABLE)
  await querySql(server.url, `alter database ${name} reset default_transaction_read_only`)
  t.match(await users.update(id, { firstName: 'y' }), { user: { firstName: 'y' } })
})

t.test('statements that a new schema has overtaken are prepared anew', async (t) => {
  const url = await emptyDatabase()
  const { users, sessions } = await openStores(t, { url })
  const { id } = await users.create(newUser('ada'))
  // By several connections.
  const readAll = () => Promise.all(Array.from({ length: 8 }, () => users.findById(id)))
  await readAll()
  await users.update(id, { firstName: 'a' })
  await users.revokeTokens(id, 1)
  for (const type of ['varchar(300)', 'text']) {
    await querySql(url, `alter table users alter column first_name type ${type}`)
    for (const user of await readAll()) t.match(user, { firstName: 'a' })
    t.match(await users.update(id, { firstName: 'a' }), { before: { firstName: 'a' } })
    t.ok(await users.revokeTokens(id, 1))
    await sessions.start(id, { jti: type, expiresAt: 5 }, 0)
  }
})
