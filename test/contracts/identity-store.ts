import type { Test } from 'tap'
import type { IdentityStore } from '../../src/identity/identity-store.ts'
import { IdentityTakenError, type UserStore } from '../../src/users/user-store.ts'
import { newUser } from './user-store.ts'

interface Opened {
  users: UserStore
  identities: IdentityStore
}

const ISSUER = 'https://id.example.com/realms/main'
const ada = { issuer: ISSUER, subject: 'ada' }

/** What every `IdentityStore` promises. `open` answers empty stores, closed when the test ends. */
export function identityStoreContract(t: Test, open: (t: Test) => Promise<Opened>): void {
  t.test('a provisioned user is found by the identity, and by the id with every field', async (t) => {
    const { users, identities } = await open(t)
    t.equal(await identities.find(ada), undefined)
    const { user, isNew } = await identities.provision(ada, newUser('ada', { firstName: 'Ada' }))
    t.equal(isNew, true)
    t.match(user, {
      username: 'ada',
      email: 'ada@example.com',
      firstName: 'Ada',
      isActive: true,
      tokenEpoch: 0
    })
    t.strictSame(await identities.find(ada), user)
    t.strictSame(await users.findById(user.id), user)
    t.match(await users.findWithPassword(user.id), { passwordHash: 'a hash' })
  })

  t.test('an identity is that very issuer and that very subject', async (t) => {
    const { identities } = await open(t)
    await identities.provision(ada, newUser('ada'))
    const others = [
      { issuer: `${ISSUER}/`, subject: 'ada' },
      { issuer: ISSUER.toUpperCase(), subject: 'ada' },
      { issuer: ISSUER, subject: 'Ada' },
      { issuer: ISSUER, subject: 'ada ' },
      { issuer: ISSUER, subject: 'ad' },
      { issuer: ISSUER, subject: 'ad%' },
      { issuer: ISSUER, subject: "ada' or '1'='1" },
      { issuer: 'ada', subject: ISSUER },
      { issuer: ISSUER, subject: 'ada\u0000' },
      { issuer: ISSUER, subject: '\u0000ada' },
      { issuer: ISSUER, subject: 'ada\u0001' },
      { issuer: ISSUER, subject: 'ada\u00010' },
      { issuer: ISSUER, subject: 'a'.repeat(5000) },
      { issuer: ISSUER, subject: 'a'.repeat(5001) }
    ]
    for (const other of others) t.equal(await identities.find(other), undefined, JSON.stringify(other))
    for (const [index, other] of others.entries()) {
      const { user, isNew } = await identities.provision(other, newUser(`other${index}`))
      t.equal(isNew, true)
      t.strictSame(await identities.find(other), user)
    }
  })

  t.test('of many that provision one identity at once, one creates, and all get the same user', async (t) => {
    const { users, identities } = await open(t)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => identities.provision(ada, newUser(`ada${index}`)))
    )
    t.equal(answers.filter(({ isNew }) => isNew).length, 1)
    t.equal(new Set(answers.map(({ user }) => user.id)).size, 1)
    t.equal((await users.list(undefined, 100)).length, 1)
    t.match(await identities.provision(ada, newUser('later')), { isNew: false, user: answers[0]?.user })
  })

  t.test('where a name is another user’s nothing is written, and all that are taken are named', async (t) => {
    const { users, identities } = await open(t)
    const bob = await users.create(newUser('bob'))
    const cases: [user: Parameters<typeof newUser>, fields: string[]][] = [
      [['BOB', { email: 'free@example.com' }], ['username']],
      [['free', { email: 'Bob@example.com' }], ['email']],
      [['bob'], ['username', 'email']]
    ]
    for (const [user, fields] of cases) {
      const clash = await identities.provision(ada, newUser(...user)).catch((error) => error)
      t.type(clash, IdentityTakenError)
      t.strictSame(clash.fields, fields)
      t.equal(await identities.find(ada), undefined)
    }
    t.strictSame(await users.list(undefined, 10), [bob])
    t.match(await identities.provision(ada, newUser('ada')), { isNew: true }, 'and it can be tried again')
  })

  t.test('one that fails takes nothing of its neighbours with it', async (t) => {
    const { users, identities } = await open(t)
    await users.create(newUser('taken'))
    const [bob, clash, cleo] = await Promise.allSettled([
      identities.provision({ issuer: ISSUER, subject: 'bob' }, newUser('bob')),
      identities.provision(ada, newUser('taken')),
      identities.provision({ issuer: ISSUER, subject: 'cleo' }, newUser('cleo'))
    ])
    t.match([bob, clash, cleo], [{ status: 'fulfilled' }, { status: 'rejected' }, { status: 'fulfilled' }])
    t.strictSame((await users.list(undefined, 10)).map(({ username }) => username).sort(), [
      'bob',
      'cleo',
      'taken'
    ])
  })

  t.test('a deleted user’s identity goes with the user, and may come again as another', async (t) => {
    const { users, identities } = await open(t)
    const { user } = await identities.provision(ada, newUser('ada'))
    await users.delete(user.id)
    t.equal(await identities.find(ada), undefined)
    const again = await identities.provision(ada, newUser('ada'))
    t.equal(again.isNew, true)
    t.not(again.user.id, user.id)
  })

  t.test('what users change later is what is found', async (t) => {
    const { users, identities } = await open(t)
    const { user } = await identities.provision(ada, newUser('ada'))
    await users.update(user.id, { firstName: 'Augusta' })
    await users.setActive(user.id, false, 5)
    t.match(await identities.find(ada), { firstName: 'Augusta', isActive: false, tokenEpoch: 5 })
  })
}
