import type { Test } from 'tap'
import type { MediaKey } from '../../src/avatars/media-store.ts'
import type { RowStores } from '../../src/open-stores.ts'
import { type IdentityField, identityKey } from '../../src/users/identity.ts'
import type { UserId } from '../../src/users/user.ts'
import { newUser } from './user-store.ts'

const nobody = 4711 as UserId
const token = (jti: string, expiresAt: number) => ({ jti, expiresAt })

/** What every `AdminStore` promises. `open` answers empty stores, closed when the test ends. */
export function adminStoreContract(t: Test, open: (t: Test) => Promise<RowStores>): void {
  /** Users of those names. */
  const withNames = async (t: Test, names: readonly string[]) => {
    const stores = await open(t)
    for (const [index, username] of names.entries())
      await stores.users.create(newUser(username, { email: `${index}@example.com` }))
    /** The keys of all pages, each of which has to be full but the last. */
    const find = async (prefix: string, limit = 100, field: IdentityField = 'username') => {
      const keys: string[] = []
      for (let after: string | undefined; ; ) {
        const page = await stores.admin.findByPrefix(field, prefix, after, limit)
        for (const { key, user } of page) {
          t.equal(key, identityKey(field === 'email' ? user.email : user.username))
          keys.push(key)
        }
        if (page.length < limit) return keys
        after = page.at(-1)?.key
      }
    }
    return { ...stores, find }
  }

  t.test('the newest users come first, page by page', async (t) => {
    const { admin, users } = await open(t)
    t.strictSame(await admin.newest(undefined, 10), [])
    const all = []
    for (const name of ['ada', 'bob', 'cleo']) all.unshift(await users.create(newUser(name)))
    t.strictSame(await admin.newest(undefined, 2), all.slice(0, 2))
    t.strictSame(await admin.newest(all[1]?.id, 2), all.slice(2))
    t.strictSame(await admin.newest(all[2]?.id, 2), [])
    await users.update(all[2]?.id ?? nobody, { firstName: 'Ada' })
    t.match(await admin.newest(all[1]?.id, 2), [{ firstName: 'Ada' }])
  })

  t.test('users are found by how their names begin, in the order of their keys', async (t) => {
    const { admin, users, find } = await withNames(t, ['Bob', 'bo', 'bobby', 'Ada', 'boc', 'b', 'carl'])
    t.strictSame(await find('bo'), ['bo', 'bob', 'bobby', 'boc'])
    t.strictSame(await find('bob'), ['bob', 'bobby'])
    t.strictSame(await find('bobby'), ['bobby'])
    t.strictSame(await find('bobbyx'), [])
    t.strictSame(await find('c'), ['carl'])
    for (const limit of [1, 2, 3, 4]) t.strictSame(await find('bo', limit), ['bo', 'bob', 'bobby', 'boc'])
    const [first] = await admin.findByPrefix('username', 'bob', undefined, 1)
    t.strictSame(first, { key: 'bob', user: await users.findById(first?.user.id ?? nobody) })
  })

  t.test('users are found by how their emails begin', async (t) => {
    const { find } = await withNames(t, ['ada', 'bob'])
    t.strictSame(await find('1@', 10, 'email'), ['1@example.com'])
    t.strictSame(await find('ada', 10, 'email'), [])
  })

  t.test('no letter of a beginning means anything else', async (t) => {
    const names = ['a%b', 'a_b', 'axb', 'a\\b', "a'b", 'a*b', 'a[b', 'a?b', 'a"b']
    const { find } = await withNames(t, names)
    for (const name of names) t.strictSame(await find(name.slice(0, 2)), [name], name)
    t.strictSame(await find('%'), [])
    t.strictSame(await find('_'), [])
  })

  t.test('a beginning may be of any characters, and the order is that of UTF-8', async (t) => {
    const names = [
      'a\u0000',
      'a\u0000\u0001',
      'a\u0001',
      'a\u00010',
      'a\u0002',
      'a~',
      'aé',
      'a\ud7ff',
      'a\uff21x',
      'a\uffff',
      'a🦊',
      'a🦊b',
      'a\u{10ffff}',
      'a\u{10ffff}\u{10ffff}',
      '\u{10ffff}',
      '\u{10ffff}b',
      '\u0000',
      '\u0000\u0000'
    ]
    const { find } = await withNames(t, names)
    const keys = names
      .map(identityKey)
      .sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
    for (const prefix of [
      'a',
      'a\u0000',
      'a\u0001',
      'aa',
      'a\ud7ff',
      'a🦊',
      'a\u{10ffff}',
      '\u{10ffff}',
      '\u0000',
      'b'
    ])
      for (const limit of [1, 3, 100])
        t.strictSame(
          await find(prefix, limit),
          keys.filter((key) => key.startsWith(prefix)),
          JSON.stringify(prefix)
        )
    t.strictSame(await find('a\ud83e'), [], 'half a character is none')
  })

  t.test('a long name is found by all of it, and does not show among others', async (t) => {
    const long = 'x'.repeat(400)
    const { admin, find } = await withNames(t, ['xa', long, 'xz', '\u0001first'])
    t.strictSame(await find(long), [long])
    t.match(await admin.findByPrefix('username', long, undefined, 10), [{ user: { username: long } }])
    t.strictSame(await admin.findByPrefix('username', long, long, 10), [])
    t.strictSame(await find('\u0001first'), ['\u0001first'])
    t.strictSame(
      (await find('x')).filter((key) => key !== long),
      ['xa', 'xz']
    )
  })

  t.test('a page that begins before all that are looked for begins with them', async (t) => {
    const { admin } = await withNames(t, ['a', 'ba', 'bb', 'c'])
    const found = async (after: string) =>
      (await admin.findByPrefix('username', 'b', after, 10)).map(({ key }) => key)
    t.strictSame(await found('a'), ['ba', 'bb'])
    t.strictSame(await found(''), ['ba', 'bb'])
    t.strictSame(await found('c'), [])
    t.strictSame(await found('ba'), ['bb'])
  })

  t.test('sessions are shown, those that go on first, then by their end', async (t) => {
    const { admin, users, sessions } = await open(t)
    const { id } = await users.create(newUser('ada'))
    const { id: other } = await users.create(newUser('bob'))
    t.strictSame(await admin.sessionsOf(id, 10), [])
    const grace = (at: number) => ({ at, graceMs: 0 })
    await sessions.start(other, token('other', 9000), 1)
    await sessions.start(id, token('short', 5000), 10)
    await sessions.start(id, token('long', 6000), 20)
    await sessions.start(id, token('early', 7000), 30)
    await sessions.start(id, token('late', 8000), 40)
    await sessions.rotate(id, token('short', 5000), token('short 2', 5500), grace(50))
    await sessions.rotate(id, token('short 2', 5500), token('short 3', 5600), grace(60))
    await sessions.end(id, token('early', 7000), 100)
    await sessions.end(id, token('late', 8000), 200)
    await sessions.rotate(id, token('foreign', 4000), token('foreign 2', 4500), grace(70))
    await sessions.end(id, token('elsewhere', 9000), 80)
    const found = await admin.sessionsOf(id, 10)
    const going = { endedAt: null }
    t.strictSame(
      found.map(({ id: _, ...rest }) => rest),
      [
        { startedAt: 20, lastUsedAt: null, expiresAt: 6000, ...going },
        { startedAt: 10, lastUsedAt: 60, expiresAt: 5600, ...going },
        { startedAt: 70, lastUsedAt: 70, expiresAt: 4500, ...going },
        { startedAt: 40, lastUsedAt: null, expiresAt: 8000, endedAt: 200 },
        { startedAt: 30, lastUsedAt: null, expiresAt: 7000, endedAt: 100 },
        { startedAt: 80, lastUsedAt: null, expiresAt: 9000, endedAt: 80 }
      ]
    )
    t.equal(new Set(found.map(({ id }) => id)).size, 6)
    t.strictSame(await admin.sessionsOf(id, 2), found.slice(0, 2))
    t.strictSame(await admin.sessionsOf(nobody, 2), [])
  })

  t.test('figures say how much there is', async (t) => {
    const { admin, users, sessions, audit } = await open(t)
    t.match(await admin.figures(), { users: 0, usersEstimated: false, avatars: 0, sessions: 0, acts: 0 })
    const ada = await users.create(newUser('ada'))
    const bob = await users.create(newUser('bob'))
    for (const { id } of [ada, bob]) await users.update(id, { avatar: 'same.jpg' as MediaKey })
    await users.create(newUser('cleo'))
    await sessions.start(ada.id, token('a', 5000), 1)
    await audit.begin({ at: 1, actor: ada, target: bob, action: 'deactivate', address: '', changes: null })
    const [figures, again] = await Promise.all([admin.figures(), admin.figures()])
    t.match(figures, { users: 3, usersEstimated: false, avatars: 2, sessions: 1, acts: 1 })
    t.strictSame(again, figures)
    t.ok((figures?.databaseBytes ?? 0) > 10_000, 'bytes')
    t.ok(figures.databaseFreeBytes === null || figures.databaseFreeBytes > 0, 'room')
  })

  t.test('where nothing was imported there are no imports', async (t) => {
    const { admin } = await open(t)
    t.strictSame(await admin.imports(10), [])
  })
}
