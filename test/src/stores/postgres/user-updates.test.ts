import pg from 'pg'
import t, { type Test } from 'tap'
import type { MediaKey } from '../../../../src/avatars/media-store.ts'
import type { RowStores } from '../../../../src/open-stores.ts'
import { openPostgresStores } from '../../../../src/stores/postgres/open-postgres.ts'
import type { User, UserId } from '../../../../src/users/user.ts'
import type { UserChanges } from '../../../../src/users/user-store.ts'
import { newUser } from '../../../contracts/user-store.ts'
import { startPostgres } from '../../../postgres.ts'
import { openStores, prepareDatabase, querySql } from '../../../postgres-stores.ts'

const emptyDatabase = await prepareDatabase(await startPostgres(t))

const times = (count: number) => Array.from({ length: count }, (_, index) => index)
const nobody = 999_999_999 as UserId

async function withUsers(t: Test, count: number) {
  const url = await emptyDatabase()
  const stores = await openStores(t, { url })
  const created = await makeUsers(stores, count)
  return { url, stores, users: stores.users, created, ids: created.map(({ id }) => id) }
}

const makeUsers = ({ users }: RowStores, count: number): Promise<User[]> =>
  Promise.all(times(count).map((index) => users.create(newUser(`user${index}`))))

/** A connection of somebody else's that keeps a user's row locked until `release`. */
async function lock(t: Test, url: string, id: UserId, strength: string) {
  const client = new pg.Client(url)
  await client.connect()
  t.teardown(() => client.end())
  await client.query('begin')
  await client.query(`select 1 from users where id = $1 for ${strength}`, [id])
  return { release: () => client.query('rollback') }
}

t.test('updates of one turn and the same columns are one statement', async (t) => {
  const { url, users, ids } = await withUsers(t, 100)
  await Promise.all(ids.map((id) => users.update(id, { firstName: `first ${id}` })))
  // A row knows the transaction that wrote it.
  t.strictSame(await querySql(url, 'select count(distinct xmin::text)::int as count from users'), [
    { count: 1 }
  ])
  const rows = await users.list(undefined, 100)
  t.strictSame(
    rows.map(({ firstName }) => firstName),
    rows.map(({ id }) => `first ${id}`)
  )
})

t.test('of many at once with different columns each answers its own user, before and after', async (t) => {
  const { users, created } = await withUsers(t, 100)
  const kinds: ((index: number) => UserChanges)[] = [
    (index) => ({ firstName: `first ${index}` }),
    (index) => ({ lastName: `last ${index}`, numberPhone: index % 3 === 0 ? null : `${index}` }),
    (index) => ({ avatar: `${index}.jpg` as MediaKey }),
    (index) => ({ username: `new${index}` }),
    (index) => ({ extra: { index } })
  ]
  const asked = created.flatMap((user, index) =>
    [0, 1].map((shift) => ({ user, changes: kinds[(index + shift) % kinds.length]?.(index) ?? {} }))
  )
  const answers = await Promise.all(asked.map(({ user, changes }) => users.update(user.id, changes)))
  for (const [index, { user, changes }] of asked.entries()) {
    const answer = answers[index]
    t.strictSame(answer?.user, { ...answer?.before, ...changes })
    const other = asked[index % 2 === 0 ? index + 1 : index - 1]?.changes
    const possible = [user, { ...user, ...other }].map((one) => JSON.stringify(one))
    t.ok(possible.includes(JSON.stringify(answer?.before)), 'the user before or after the other update')
    if (index % 2 === 0)
      t.strictSame(await users.findById(user.id), { ...user, ...changes, ...other }, 'both are there')
  }
})

t.test('texts that a list would have to quote come back as they went in', async (t) => {
  const { users, ids } = await withUsers(t, 9)
  const texts = ['', 'NULL', 'null', '{"a","b"}', 'a,b', '\\', '"\\"', ' a ', '\u0000,\u0001"']
  const answers = await Promise.all(
    ids.map((id, index) => users.update(id, { firstName: texts[index] ?? '', numberPhone: null }))
  )
  for (const [index, answer] of answers.entries()) {
    t.match(await users.findById(answer?.user.id ?? nobody), { firstName: texts[index], numberPhone: null })
    t.equal(answer?.user.firstName, texts[index])
  }
})

t.test('updates of one user are written one after the other, as they were asked for', async (t) => {
  const { users, ids } = await withUsers(t, 3)
  const [hot = nobody, ...others] = ids
  const answers = await Promise.all([
    ...times(150).map((index) => users.update(hot, { firstName: `${index}` })),
    ...others.map((id) => users.update(id, { firstName: 'other' }))
  ])
  t.strictSame(
    answers.slice(0, 150).map((answer) => [answer?.before.firstName, answer?.user.firstName]),
    times(150).map((index) => [index === 0 ? '' : `${index - 1}`, `${index}`])
  )
  t.match(await users.findById(hot), { firstName: '149' })
  for (const id of others) t.match(await users.findById(id), { firstName: 'other' })
})

t.test('of one user’s updates more than a number at once are refused, and nobody else’s', async (t) => {
  const { users, ids } = await withUsers(t, 2)
  const [hot = nobody, other = nobody] = ids
  const flood = Promise.allSettled(times(202).map((index) => users.update(hot, { firstName: `${index}` })))
  t.match(await users.update(other, { firstName: 'other' }), { user: { firstName: 'other' } })
  const outcomes = await flood
  t.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 200)
  t.match(outcomes.slice(200), [{ reason: { code: 'overloaded' } }, { reason: { code: 'overloaded' } }])
  t.match(await users.findById(hot), { firstName: '199' })
  t.match(await users.update(hot, { firstName: 'later' }), { before: { firstName: '199' } })
})

t.test('a user who is gone is not found, and those beside are written', async (t) => {
  const { users, ids } = await withUsers(t, 10)
  const [gone = nobody, ...others] = ids
  await users.delete(gone)
  const answers = await Promise.all([...ids, nobody].map((id) => users.update(id, { lastName: 'here' })))
  t.strictSame([answers[0], answers[10]], [undefined, undefined])
  for (const id of others) t.match(await users.findById(id), { lastName: 'here' })
})

t.test('what the database refuses fails alone', async (t) => {
  const { url, users, ids } = await withUsers(t, 20)
  await querySql(url, "alter table users add constraint decent check (first_name <> 'evil')")
  t.teardown(() => querySql(url, 'alter table users drop constraint decent'))
  const outcomes = await Promise.allSettled(
    ids.map((id, index) => users.update(id, { firstName: index === 7 ? 'evil' : `good ${id}` }))
  )
  for (const [index, outcome] of outcomes.entries()) {
    const user = await users.findById(ids[index] ?? nobody)
    if (index === 7) {
      t.match(outcome, { status: 'rejected', reason: { code: '23514' } })
      t.match(user, { firstName: '' })
    } else {
      t.match(outcome, { status: 'fulfilled', value: { before: { firstName: '' }, user: { id: user?.id } } })
      t.match(user, { firstName: `good ${user?.id}` })
    }
  }
})

t.test('a row that somebody keeps locked holds up nobody else’s update', async (t) => {
  const { url, users, ids } = await withUsers(t, 10)
  const [locked = nobody, ...others] = ids
  const { release } = await lock(t, url, locked, 'update')
  let isWritten = false
  const late = users.update(locked, { firstName: 'late' }).then((answer) => {
    isWritten = true
    return answer
  })
  for (const round of times(3)) {
    const answers = await Promise.all(others.map((id) => users.update(id, { firstName: `${round}` })))
    for (const answer of answers) t.equal(answer?.user.firstName, `${round}`)
  }
  t.equal(isWritten, false)
  await release()
  t.match(await late, { before: { firstName: '' }, user: { id: locked, firstName: 'late' } })
  t.match(await users.findById(locked), { firstName: 'late' })
})

t.test('a statement that takes long holds up nobody who comes after it', async (t) => {
  const { url, users, ids } = await withUsers(t, 10)
  const [slow = nobody, ...others] = ids
  await querySql(
    url,
    `create function wait() returns trigger language plpgsql as 'begin perform pg_advisory_xact_lock(7); return new; end';
     create trigger slow before update on users for each row when (new.first_name = 'slow') execute function wait()`
  )
  t.teardown(() => querySql(url, 'drop function wait cascade'))
  const client = new pg.Client(url)
  await client.connect()
  t.teardown(() => client.end())
  await client.query('select pg_advisory_lock(7)')
  const late = users.update(slow, { firstName: 'slow' })
  await new Promise(setImmediate)
  const answers = await Promise.all(others.map((id) => users.update(id, { firstName: 'quick' })))
  for (const answer of answers) t.equal(answer?.user.firstName, 'quick')
  t.match(await users.findById(slow), { firstName: '' })
  await client.query('select pg_advisory_unlock(7)')
  t.match(await late, { user: { id: slow, firstName: 'slow' } })
})

t.test('a user whose session is being started is updated meanwhile', async (t) => {
  const { url, users, ids } = await withUsers(t, 1)
  const [id = nobody] = ids
  const { release } = await lock(t, url, id, 'key share')
  t.match(await users.update(id, { firstName: 'Ada' }), { user: { firstName: 'Ada' } })
  await release()
})

t.test(
  'two nodes that update the same users in opposite orders wait for each other and lose nothing',
  async (t) => {
    const { url, stores, ids } = await withUsers(t, 60)
    const nodes = [stores, await openStores(t, { url })]
    const written = new Map(ids.map((id) => [id, ['']]))
    const seen = new Map(ids.map((id): [UserId, string[]] => [id, []]))
    const ROUNDS = 8
    await Promise.all(
      nodes.map(async ({ users }, node) => {
        const order = node === 0 ? ids : [...ids].reverse()
        for (const round of times(ROUNDS))
          await Promise.all(
            order.map(async (id) => {
              const firstName = `node ${node} round ${round}`
              const answer = await users.update(id, { firstName })
              written.get(id)?.push(firstName)
              seen.get(id)?.push(answer?.before.firstName ?? 'nobody')
            })
          )
      })
    )
    for (const id of ids) {
      const last = (await stores.users.findById(id))?.firstName ?? 'nobody'
      t.strictSame([...(seen.get(id) ?? []), last].sort(), written.get(id)?.sort(), 'each replaced once')
    }
  }
)

t.test('what was asked for before the stores were closed is written', async (t) => {
  const url = await emptyDatabase()
  const stores = await openPostgresStores({ url })
  const created = await makeUsers(stores, 3)
  const asked = [...created, ...created].map(({ id }, index) =>
    stores.users.update(id, { firstName: `${index}` })
  )
  await stores.close()
  for (const answer of await Promise.all(asked)) t.ok(answer)
  const { users } = await openStores(t, { url })
  t.strictSame((await users.list(undefined, 10)).map(({ firstName }) => firstName).sort(), ['3', '4', '5'])
})
