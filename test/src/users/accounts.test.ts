import t from 'tap'
import type { PasswordHasher } from '../../../src/passwords/password-hasher.ts'
import type { Sessions } from '../../../src/tokens/sessions.ts'
import { createAccounts } from '../../../src/users/accounts.ts'
import { noThrottle } from '../../../src/users/sign-in-throttle.ts'
import type { User, UserId } from '../../../src/users/user.ts'
import type { UserStore } from '../../../src/users/user-store.ts'

t.test('a sign-in hashes exactly once, whether there is an account or not', async (t) => {
  const user = { id: 1 as UserId, isActive: true } as User
  const inactive = { ...user, isActive: false }
  const accounts: Record<string, User> = { ada: user, gone: inactive }
  let hashed: string[] = []
  const hasher: PasswordHasher = {
    hash: async () => 'a hash',
    async verify(password) {
      hashed.push('verify')
      return password === 'right'
    },
    needsRehash: () => false,
    async verifyNobody() {
      hashed.push('verifyNobody')
      return false
    }
  }
  const users = {
    findForSignIn: async (key: string) => accounts[key] && { user: accounts[key], passwordHash: 'a hash' },
    recordSignIn: async () => user
  }
  const sessions = { start: async () => ({ refresh: 'r', access: 'a' }) }
  const { signIn } = createAccounts({
    users: users as Partial<UserStore> as UserStore,
    sessions: sessions as Partial<Sessions> as Sessions,
    hasher,
    throttle: noThrottle,
    clock: { now: () => 0 }
  })
  const cases: [name: string, password: string, hashed: string, signedIn: boolean][] = [
    ['ada', 'right', 'verify', true],
    ['ada', 'wrong', 'verify', false],
    ['gone', 'right', 'verify', false],
    ['nobody', 'right', 'verifyNobody', false]
  ]
  for (const [name, password, expected, signedIn] of cases) {
    hashed = []
    t.equal(
      (await signIn({ identifier: name, password, prefer: 'username', address: '' })) !== undefined,
      signedIn,
      `${name}, ${password}`
    )
    t.strictSame(hashed, [expected])
  }
})
