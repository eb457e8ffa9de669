import type { Test } from 'tap'
import type { MediaKey } from '../../src/avatars/media-store.ts'
import { emailHash } from '../../src/users/email-hash.ts'
import { identityKey } from '../../src/users/identity.ts'
import type { UserId } from '../../src/users/user.ts'
import { IdentityTakenError, type NewUser, type UserStore } from '../../src/users/user-store.ts'
import { userVersion } from '../../src/users/user-version.ts'

export const newUser = (name: string, over: Partial<NewUser> = {}): NewUser => ({
  username: name,
  email: `${name}@example.com`,
  firstName: '',
  lastName: '',
  numberPhone: null,
  passwordHash: 'a hash',
  dateJoined: 1_700_000_000_000,
  ...over
})

const key = (name: string) => name as MediaKey
const nobody = 999_999 as UserId

/** What every `UserStore` promises. `open` answers an empty one, closed when the test ends. */
export function userStoreContract(t: Test, open: (t: Test) => Promise<UserStore>): void {
  t.test('a created user is found with every field', async (t) => {
    const store = await open(t)
    t.equal(await store.isEmpty(), true)
    const created = await store.create(newUser('ada', { firstName: 'Ada', numberPhone: '12' }))
    t.strictSame(created, {
      id: created.id,
      username: 'ada',
      email: 'ada@example.com',
      firstName: 'Ada',
      lastName: '',
      numberPhone: '12',
      avatar: null,
      dateJoined: 1_700_000_000_000,
      lastLogin: null,
      isActive: true,
      isStaff: false,
      isSuperuser: false,
      tokenEpoch: 0,
      extra: null
    })
    t.strictSame(await store.findById(created.id), created)
    t.equal(await store.isEmpty(), false)
  })

  t.test('nobody is found under an id that was never given', async (t) => {
    const store = await open(t)
    t.equal(await store.findById(nobody), undefined)
    t.equal(await store.update(nobody, { firstName: 'x' }), undefined)
    t.equal(await store.recordSignIn(nobody, { at: 1, verified: 'a hash' }), undefined)
    t.equal(await store.delete(nobody), undefined)
  })

  t.test('names that differ only in case or width are one name', async (t) => {
    const store = await open(t)
    await store.create(newUser('ada'))
    for (const username of ['ADA', 'Ａｄａ']) {
      const clash = await store.create(newUser('other', { username })).catch((error) => error)
      t.type(clash, IdentityTakenError)
      t.strictSame(clash.fields, ['username'])
    }
    const email = await store.create(newUser('other', { email: 'ADA@example.com' })).catch((error) => error)
    t.strictSame(email.fields, ['email'])
    const both = await store.create(newUser('Ada')).catch((error) => error)
    t.strictSame(both.fields, ['username', 'email'], 'all that are taken are named')
    t.strictSame(await store.findTaken({ usernameKey: 'ada', emailKey: 'free' }), ['username'])
  })

  t.test('an update writes what it is given and keeps the rest', async (t) => {
    const store = await open(t)
    const { id } = await store.create(newUser('ada', { lastName: 'King' }))
    const result = await store.update(id, { firstName: 'Ada', numberPhone: '7' })
    t.match(result, { user: { firstName: 'Ada', lastName: 'King', numberPhone: '7', username: 'ada' } })
    t.strictSame(await store.findById(id), result?.user)
  })

  t.test('a host’s fields are kept as they are, and an update writes those that it names', async (t) => {
    const store = await open(t)
    const extra = { bio: 'a\u0000b', tags: ['ä', { deep: null }], age: 36 }
    const { id, extra: created } = await store.create(newUser('ada', { extra }))
    t.strictSame(created, extra)
    const changed = await store.update(id, { extra: { age: null, locale: 'de' } })
    t.strictSame(changed?.before.extra, extra)
    t.strictSame(changed?.user.extra, { ...extra, age: null, locale: 'de' })
    t.strictSame((await store.findById(id))?.extra, changed?.user.extra)
    t.strictSame((await store.update(id, { firstName: 'Ada' }))?.user.extra, changed?.user.extra)
    const names = Array.from({ length: 20 }, (_, index) => `field${index}`)
    await Promise.all(names.map((name) => store.update(id, { extra: { [name]: name } })))
    const raced = await store.findById(id)
    t.strictSame(
      names.filter((name) => raced?.extra?.[name] !== name),
      []
    )
    const bare = await store.create(newUser('bob'))
    t.strictSame((await store.update(bare.id, { extra: { a: 1 } }))?.user.extra, { a: 1 })
  })

  t.test('an update answers the user that was there before', async (t) => {
    const store = await open(t)
    const { id } = await store.create(newUser('ada'))
    t.match(await store.update(id, { avatar: key('1.jpg') }), {
      before: { avatar: null },
      user: { avatar: '1.jpg' }
    })
    t.match(await store.update(id, { avatar: key('2.jpg') }), {
      before: { avatar: '1.jpg' },
      user: { avatar: '2.jpg' }
    })
    t.match(await store.update(id, { firstName: 'x' }), {
      before: { avatar: '2.jpg' },
      user: { avatar: '2.jpg' }
    })
    t.match(await store.update(id, { avatar: null }), { before: { avatar: '2.jpg' }, user: { avatar: null } })
  })

  t.test('an update that is meant for one state is written in that state only', async (t) => {
    const store = await open(t)
    const created = await store.create(newUser('ada', { extra: { bio: 'x', age: 36 } }))
    const { id } = created
    const first = userVersion(created)
    t.equal(await store.updateIf(id, ['another'], { firstName: 'Ada' }), 'changed')
    t.equal(await store.updateIf(id, [], { firstName: 'Ada', extra: { age: 1 } }), 'changed')
    t.strictSame(await store.findById(id), created, 'nothing was written')

    const written = await store.updateIf(id, ['another', first], { firstName: 'Ada', avatar: key('1.jpg') })
    t.strictSame(written, { before: created, user: { ...created, firstName: 'Ada', avatar: '1.jpg' } })
    const user = await store.findById(id)
    t.strictSame(user, { ...created, firstName: 'Ada', avatar: '1.jpg' })
    t.equal(await store.updateIf(id, [first], { lastName: 'King' }), 'changed')
    t.equal(await store.updateIf(id, [first], { avatar: null }), 'changed')
    t.equal(await store.updateIf(id, [first], { extra: { bio: 'y' } }), 'changed')
    t.strictSame(await store.findById(id), user)

    const second = user ? userVersion(user) : ''
    const changes = { username: 'lovelace', extra: { bio: 'y' } }
    t.match(await store.updateIf(id, [second], changes), {
      user: { username: 'lovelace', extra: { bio: 'y', age: 36 }, avatar: '1.jpg' }
    })
    t.match(await store.findForSignIn('lovelace', 'username'), { user: { id, extra: { bio: 'y', age: 36 } } })
    t.equal(await store.updateIf(nobody, [first], { firstName: 'x' }), undefined)
    await store.create(newUser('bob'))
    const third = userVersion((await store.findById(id)) ?? created)
    const clash = await store
      .updateIf(id, [third], { username: 'Bob', firstName: 'x' })
      .catch((error) => error)
    t.type(clash, IdentityTakenError)
    t.strictSame(clash.fields, ['username'])
    t.match(await store.findById(id), { username: 'lovelace', firstName: 'Ada' })
  })

  t.test('what changes nothing leaves the state what it was', async (t) => {
    const store = await open(t)
    const created = await store.create(newUser('ada'))
    const version = userVersion(created)
    for (let time = 0; time < 2; time++)
      t.match(await store.updateIf(created.id, [version], { firstName: '' }), { user: created })
    await store.revokeTokens(created.id, 5)
    t.match(await store.updateIf(created.id, [version], { firstName: '' }), { user: { tokenEpoch: 5 } })
  })

  t.test('a state has one version, whatever answers it', async (t) => {
    const store = await open(t)
    const extra = { bio: 'a\u0000b ä', '7': { b: 1, a: [null, true, 1e21, -0.5] }, age: 36 }
    const { id } = await store.create(newUser('ada', { isStaff: true, numberPhone: '', extra }))
    const answers = [
      await store.recordSignIn(id, { at: 1_700_000_000_001, verified: 'a hash' }),
      await store.findById(id),
      await store.findById(id),
      (await store.update(id, { firstName: 'Ada\u0000' }))?.user,
      (await store.update(id, { extra: { bio: 'a\u0000b ä' } }))?.user,
      await store.findById(id),
      (await store.list(undefined, 1))[0],
      (await store.findForSignIn('ada', 'username'))?.user,
      await store.setActive(id, true, 9)
    ]
    const shown = {
      extra,
      isSuperuser: false,
      isStaff: true,
      isActive: true,
      lastLogin: 1_700_000_000_001,
      dateJoined: 1_700_000_000_000,
      avatar: null,
      numberPhone: '',
      lastName: '',
      email: 'ada@example.com',
      username: 'ada',
      id,
      tokenEpoch: 0
    }
    const [before, after] = ['', 'Ada\u0000'].map((firstName) => userVersion({ ...shown, firstName }))
    t.strictSame(
      answers.map((user) => user && userVersion(user)),
      answers.map((_, index) => (index < 3 ? before : after))
    )
  })

  t.test('of concurrent avatars each is replaced exactly once', async (t) => {
    const store = await open(t)
    const { id } = await store.create(newUser('ada'))
    const keys = Array.from({ length: 20 }, (_, index) => key(`${index}.jpg`))
    const results = await Promise.all(keys.map((avatar) => store.update(id, { avatar })))
    const replaced = results.map((result) => result?.before.avatar).filter((previous) => previous !== null)
    const last = (await store.findById(id))?.avatar
    t.equal(new Set(replaced).size, 19)
    t.notOk(replaced.some((previous) => previous === last))
  })

  t.test('a name can be changed to itself in another case, and not to another user’s', async (t) => {
    const store = await open(t)
    const ada = await store.create(newUser('ada'))
    await store.create(newUser('bob'))
    t.match(await store.update(ada.id, { username: 'ADA', email: 'ADA@example.com' }), {
      user: { username: 'ADA' }
    })
    const email = await store.update(ada.id, { email: 'Bob@EXAMPLE.com' }).catch((error) => error)
    t.strictSame(email.fields, ['email'])
    const clash = await store
      .update(ada.id, { username: 'Bob', email: 'BOB@example.com', firstName: 'written?' })
      .catch((error) => error)
    t.strictSame(clash.fields, ['username', 'email'])
    t.match(await store.findById(ada.id), { username: 'ADA', firstName: '' }, 'nothing of it was written')
  })

  t.test(
    'of many that race for one name exactly one gets it, and the others’ neighbours succeed',
    async (t) => {
      const store = await open(t)
      const users = await Promise.all(
        Array.from({ length: 10 }, (_, index) => store.create(newUser(`u${index}`)))
      )
      const outcomes = await Promise.allSettled(
        users.flatMap(({ id }) => [
          store.update(id, { username: 'prize' }),
          store.update(id, { firstName: 'here' })
        ])
      )
      t.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 11)
      const after = await Promise.all(users.map(({ id }) => store.findById(id)))
      t.equal(after.filter((user) => user?.username === 'prize').length, 1)
      t.ok(after.every((user) => user?.firstName === 'here'))
    }
  )

  t.test('a user signs in by email or username, and the preferred one decides', async (t) => {
    const store = await open(t)
    const ada = await store.create(newUser('ada'))
    const trickster = await store.create(newUser('mallory', { username: 'ada@example.com' }))
    const find = (name: string, prefer: 'email' | 'username') =>
      store.findForSignIn(identityKey(name), prefer)
    t.match(await find('ADA@example.com', 'email'), { user: { id: ada.id }, passwordHash: 'a hash' })
    t.match(await find('Ada', 'email'), { user: { id: ada.id } })
    t.match(await find('ada@example.com', 'username'), { user: { id: trickster.id } })
    t.equal(await find('nobody', 'email'), undefined)
  })

  t.test('a sign-in sets the time, and the hash where one is given', async (t) => {
    const store = await open(t)
    const { id } = await store.create(newUser('ada'))
    t.match(await store.recordSignIn(id, { at: 5, verified: 'a hash' }), { lastLogin: 5 })
    t.match(await store.findForSignIn('ada', 'username'), { passwordHash: 'a hash' })
    await store.recordSignIn(id, { at: 6, verified: 'a hash', passwordHash: 'a newer hash' })
    t.match(await store.findForSignIn('ada', 'username'), {
      passwordHash: 'a newer hash',
      user: { lastLogin: 6 }
    })
  })

  t.test(
    'a sign-in writes nothing where its hash is no longer the user’s, or the user inactive',
    async (t) => {
      const store = await open(t)
      const { id } = await store.create(newUser('ada'))
      const late = { at: 5, verified: 'an older hash', passwordHash: 'a newer hash' }
      t.equal(await store.recordSignIn(id, late), undefined)
      await store.setActive(id, false, 6)
      t.equal(await store.recordSignIn(id, { at: 7, verified: 'a hash' }), undefined)
      t.match(await store.findWithPassword(id), { passwordHash: 'a hash', user: { lastLogin: null } })
    }
  )

  t.test('a new password moves the tokens’ epoch on, also within a millisecond or backwards', async (t) => {
    const store = await open(t)
    const { id, tokenEpoch } = await store.create(newUser('ada'))
    t.equal(tokenEpoch, 0)
    t.match(await store.setPassword(id, { passwordHash: 'b', at: 1000 }), { tokenEpoch: 1000 })
    t.match(await store.setPassword(id, { passwordHash: 'c', at: 1000, verified: 'b' }), { tokenEpoch: 1001 })
    t.match(await store.revokeTokens(id, 5), { tokenEpoch: 1002 })
    t.match(await store.findWithPassword(id), { passwordHash: 'c', user: { id, tokenEpoch: 1002 } })
    t.match(await store.findById(id), { tokenEpoch: 1002 })
  })

  t.test('of two new passwords that replace the same one, one wins', async (t) => {
    const store = await open(t)
    const { id } = await store.create(newUser('ada'))
    const change = (passwordHash: string) =>
      store.setPassword(id, { passwordHash, at: 5, verified: 'a hash' })
    const [first, second] = await Promise.all([change('b'), change('c')])
    t.match(first ?? second, { tokenEpoch: 5 })
    t.equal(first && second, undefined)
    const passwordHash = first ? 'b' : 'c'
    t.match(await store.findWithPassword(id), { passwordHash, user: { tokenEpoch: 5 } })
  })

  t.test('deactivating revokes tokens, and activating those that there may be meanwhile', async (t) => {
    const store = await open(t)
    const { id } = await store.create(newUser('ada'))
    t.match(await store.setActive(id, true, 5), { isActive: true, tokenEpoch: 0 }, 'active already')
    t.match(await store.setActive(id, false, 10), { isActive: false, tokenEpoch: 10 })
    t.match(await store.findById(id), { isActive: false, tokenEpoch: 10 })
    t.match(await store.setActive(id, true, 20), { isActive: true, tokenEpoch: 20 })
    t.match(await store.findById(id), { isActive: true, tokenEpoch: 20 })
  })

  t.test('who is inactive changes no password, but gets one that is set without the old', async (t) => {
    const store = await open(t)
    const { id } = await store.create(newUser('ada'))
    await store.setActive(id, false, 10)
    const verified = 'a hash'
    t.equal(await store.setPassword(id, { passwordHash: 'b', at: 20, verified }), undefined)
    t.match(await store.findWithPassword(id), { passwordHash: 'a hash', user: { tokenEpoch: 10 } })
    t.match(await store.setPassword(id, { passwordHash: 'c', at: 20 }), { isActive: false, tokenEpoch: 20 })
  })

  t.test('nobody’s password, tokens and activity can’t be changed', async (t) => {
    const store = await open(t)
    t.equal(await store.findWithPassword(nobody), undefined)
    t.equal(await store.setPassword(nobody, { passwordHash: 'b', at: 1 }), undefined)
    t.equal(await store.revokeTokens(nobody, 1), undefined)
    t.equal(await store.setActive(nobody, true, 1), undefined)
    t.equal(await store.setStaff(nobody, true), undefined)
  })

  t.test('users are listed by id, page by page', async (t) => {
    const store = await open(t)
    t.strictSame(await store.list(undefined, 10), [])
    const all = []
    for (const name of ['ada', 'bob', 'cleo']) all.push(await store.create(newUser(name)))
    t.strictSame(await store.list(undefined, 2), all.slice(0, 2))
    t.strictSame(await store.list(all[1]?.id, 2), all.slice(2))
  })

  t.test('who is made staff, and who no longer is, keeps tokens and all else', async (t) => {
    const store = await open(t)
    const ada = await store.create(newUser('ada'))
    const bob = await store.create(newUser('bob'))
    t.strictSame(await store.setStaff(ada.id, true), { ...ada, isStaff: true })
    t.strictSame(await store.findById(ada.id), { ...ada, isStaff: true })
    t.strictSame(await store.setStaff(ada.id, true), { ...ada, isStaff: true }, 'again')
    t.strictSame(await store.setStaff(ada.id, false), ada)
    t.strictSame(await store.list(undefined, 10), [ada, bob])
  })

  t.test('staff and superusers are made, and found', async (t) => {
    const store = await open(t)
    t.match(await store.create(newUser('ada', { isStaff: true })), { isStaff: true, isSuperuser: false })
    t.equal(await store.hasSuperuser(), false)
    const root = await store.create(newUser('root', { isStaff: true, isSuperuser: true }))
    t.match(await store.findById(root.id), { isStaff: true, isSuperuser: true })
    t.equal(await store.hasSuperuser(), true)
  })

  t.test('a deleted user is gone, frees its names, and never lends its id', async (t) => {
    const store = await open(t)
    const ada = await store.create(newUser('ada'))
    await store.update(ada.id, { avatar: key('1.jpg') })
    t.strictSame(await store.delete(ada.id), { avatar: '1.jpg' })
    t.equal(await store.findById(ada.id), undefined)
    t.equal(await store.delete(ada.id), undefined)
    const next = await store.create(newUser('ada'))
    t.not(next.id, ada.id)
  })

  t.test('pictures that some user refers to are told from strays', async (t) => {
    const store = await open(t)
    const { id } = await store.create(newUser('ada'))
    await store.update(id, { avatar: key('kept.jpg') })
    t.strictSame(await store.findReferencedMedia([key('kept.jpg'), key('stray.jpg')]), new Set(['kept.jpg']))
    t.strictSame(await store.findReferencedMedia([]), new Set())
  })

  t.test('texts that a database may refuse come back too, or with U+FFFD for half a character', async (t) => {
    const store = await open(t)
    const texts = [
      'a\u0000b',
      '\u0000',
      '\u0001',
      '\u00010',
      '\u0001\u0000\u0001',
      '\u{10ffff}\ufffe',
      'a\ud800b'
    ]
    const { id } = await store.create(newUser('ada'))
    for (const firstName of texts) {
      await store.update(id, { firstName })
      t.match(await store.list(undefined, 1), [{ firstName: firstName.toWellFormed() }])
    }
    const odd = await store.create(
      newUser('o\u0000dd', { lastName: 'x\udc00\u0000', passwordHash: 'a\u0000\u0001b' })
    )
    t.strictSame([odd.username, odd.lastName], ['o\u0000dd', 'x\ufffd\u0000'])
    t.strictSame(await store.findById(odd.id), odd)
    t.match(await store.findForSignIn('o\u0000dd', 'email'), { user: odd, passwordHash: 'a\u0000\u0001b' })
    t.match(await store.recordSignIn(odd.id, { at: 5, verified: 'a\u0000\u0001b' }), { lastLogin: 5 })
    t.match(await store.update(odd.id, { avatar: key('\u0000.jpg') }), { user: { avatar: '\u0000.jpg' } })
    t.strictSame(
      await store.findReferencedMedia([key('\u0000.jpg'), key('.jpg'), key('{"\\,')]),
      new Set(['\u0000.jpg'])
    )
    t.equal(await store.removeAvatar(odd.id, key('.jpg')), false)
    t.equal(await store.removeAvatar(odd.id, key('\u0000.jpg')), true)
  })

  t.test('nobody is found by a text that is nobody’s, however odd it is', async (t) => {
    const store = await open(t)
    await store.create(newUser('ada'))
    for (const text of ['ada\u0000', '\u0000', '\u0001', 'ada\ud800', '\u0000ada', 'x'.repeat(20_000)]) {
      t.equal(await store.findForSignIn(text, 'username'), undefined)
      t.strictSame(await store.findTaken({ usernameKey: text, emailKey: text }), [])
      t.equal(await store.findByEmailHash(text), undefined)
      t.strictSame(await store.findReferencedMedia([key(text)]), new Set())
    }
  })

  t.test('names too long for an index are unique too', async (t) => {
    const store = await open(t)
    const long = Array.from({ length: 9000 }, (_, index) =>
      String.fromCharCode(0x4e00 + ((index * 7919) % 20_000))
    )
    const username = long.join('')
    const { id } = await store.create(newUser('x', { username }))
    t.match(await store.findForSignIn(identityKey(username), 'username'), { user: { id, username } })
    const clash = await store.create(newUser('y', { username })).catch((error) => error)
    t.strictSame(clash.fields, ['username'])
    t.match(await store.create(newUser('z', { username: `${username}.` })), { username: `${username}.` })
  })

  t.test('texts come back as they went in', async (t) => {
    const store = await open(t)
    const texts = ["Robert'); DROP TABLE users;--", '😀'.repeat(200), 'ünï "q" \\ %_', '\u200b', '']
    const { id } = await store.create(newUser('ada'))
    for (const firstName of texts) t.match(await store.update(id, { firstName }), { user: { firstName } })
  })

  t.test('a user is found by the hash of the email, as it is now, where hashes are kept', async (t) => {
    const store = await open(t)
    const ada = await store.create(newUser('ada', { email: 'Ada@Example.com' }))
    t.strictSame(await store.findByEmailHash(emailHash('ada@example.com')), ada)
    t.equal(await store.findByEmailHash(emailHash('other@example.com')), undefined)
    const renamed = await store.update(ada.id, { email: 'new@example.com' })
    t.equal(await store.findByEmailHash(emailHash('ada@example.com')), undefined)
    t.strictSame(await store.findByEmailHash(emailHash('NEW@example.com')), renamed?.user)
    await store.delete(ada.id)
    t.equal(await store.findByEmailHash(emailHash('new@example.com')), undefined)
  })

  t.test('hashes are filled in a few users at a time, to the end', async (t) => {
    const store = await open(t)
    const ids: UserId[] = []
    for (const name of ['a', 'b', 'c']) ids.push((await store.create(newUser(name))).id)
    t.equal(await store.hashEmails(undefined, 2), ids[1])
    t.equal(await store.hashEmails(ids[1], 2), ids[2])
    t.equal(await store.hashEmails(ids[2], 2), undefined)
    t.match(await store.findByEmailHash(emailHash('b@example.com')), { id: ids[1] })
  })

  t.test('an avatar is taken away only where it is that one', async (t) => {
    const store = await open(t)
    const { id } = await store.create(newUser('ada'))
    await store.update(id, { avatar: key('1.jpg') })
    t.equal(await store.removeAvatar(id, key('2.jpg')), false)
    t.match(await store.findById(id), { avatar: '1.jpg' })
    t.equal(await store.removeAvatar(id, key('1.jpg')), true)
    t.match(await store.findById(id), { avatar: null, username: 'ada' })
    t.equal(await store.removeAvatar(id, key('1.jpg')), false)
    t.equal(await store.removeAvatar(nobody, key('1.jpg')), false)
  })

  t.test('those who have an avatar are listed in the order of their ids, page by page', async (t) => {
    const store = await open(t)
    const ids: UserId[] = []
    for (const name of ['a', 'b', 'c', 'd']) ids.push((await store.create(newUser(name))).id)
    const [a, b, c, d] = ids as [UserId, UserId, UserId, UserId]
    for (const id of [d, a, c]) await store.update(id, { avatar: key(`${id}.jpg`) })
    const row = (id: UserId) => ({ id, avatar: `${id}.jpg` })
    t.strictSame(await store.listAvatars(undefined, 2), [row(a), row(c)])
    t.strictSame(await store.listAvatars(c, 2), [row(d)])
    t.strictSame(await store.listAvatars(b, 1), [row(c)])
    t.strictSame(await store.listAvatars(d, 2), [])
  })
}
