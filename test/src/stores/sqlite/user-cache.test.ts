import Database from 'better-sqlite3'
import t, { type Test } from 'tap'
import { openSqliteStores } from '../../../../src/stores/sqlite/open-sqlite.ts'
import { createUserCache } from '../../../../src/stores/sqlite/user-cache.ts'
import type { User, UserId } from '../../../../src/users/user.ts'
import { newUser } from '../../../contracts/user-store.ts'

function open(t: Test) {
  const path = `${t.testdir()}/profile.db`
  const stores = openSqliteStores({ path })
  const other = new Database(path)
  t.teardown(async () => {
    other.close()
    await stores.close()
  })
  return { users: stores.users, other }
}

t.test('what another connection writes is in the very next read', async (t) => {
  const { users, other } = open(t)
  const { id } = await users.create(newUser('ada'))
  t.match(await users.findById(id), { isActive: true, firstName: '' })
  other.prepare('update users set is_active = 0').run()
  const inactive = users.findById(id)
  other.prepare("update users set first_name = 'Ada'").run()
  const named = users.findById(id)
  t.match(await inactive, { isActive: false, firstName: '' })
  t.match(await named, { isActive: false, firstName: 'Ada' })
  other.prepare('delete from users').run()
  t.equal(await users.findById(id), undefined)
})

t.test('an update keeps what another connection wrote, and tells of it', async (t) => {
  const { users, other } = open(t)
  const { id } = await users.create(newUser('ada'))
  await users.findById(id)
  other.prepare("update users set last_name = 'King', avatar = 'theirs.jpg'").run()
  t.match(await users.update(id, { firstName: 'Ada' }), {
    user: { firstName: 'Ada', lastName: 'King' },
    before: { avatar: 'theirs.jpg' }
  })
  other.prepare('delete from users').run()
  t.equal(await users.update(id, { firstName: 'Nobody' }), undefined)
})

t.test('a write that is refused leaves no trace in what is read', async (t) => {
  const { users } = open(t)
  const ada = await users.create(newUser('ada'))
  await users.create(newUser('bob'))
  await t.rejects(users.update(ada.id, { username: 'bob', firstName: 'written?' }))
  t.strictSame(await users.findById(ada.id), ada)
})

t.test('a commit that fails leaves no trace in what is read', async (t) => {
  const { users, other } = open(t)
  const ada = await users.create(newUser('ada'))
  t.strictSame(await users.findById(ada.id), ada)
  // A violation that shows only at the commit, after the update itself succeeded.
  other.exec(`create table things (owner integer references users (id) deferrable initially deferred);
    create trigger violate after update on users begin insert into things values (-1); end`)
  await t.rejects(users.update(ada.id, { firstName: 'written?' }), { code: 'SQLITE_CONSTRAINT_FOREIGNKEY' })
  other.exec('drop trigger violate')
  t.strictSame(await users.findById(ada.id), ada)
})

t.test('only so many users are kept', async (t) => {
  const cache = createUserCache(2, () => 1)
  const user = (id: number) => ({ id: id as UserId, username: `user${id}` }) as User
  for (const id of [1, 2]) cache.set(user(id))
  cache.get(1 as UserId)
  cache.set(user(3))
  t.ok(cache.get(1 as UserId), 'it was used since')
  t.equal(cache.get(2 as UserId), undefined)
  cache.forgetAll()
  t.equal(cache.getWithin(1 as UserId), undefined)
})
