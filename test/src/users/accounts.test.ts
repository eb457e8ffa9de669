import t from 'tap'
import { errors } from '../../../src/errors.ts'
import type { PasswordHasher } from '../../../src/passwords/password-hasher.ts'
import type { Sessions } from '../../../src/tokens/sessions.ts'
import { createAccounts } from '../../../src/users/accounts.ts'
import { noThrottle } from '../../../src/users/sign-in-throttle.ts'
import type { User, UserId } from '../../../src/users/user.ts'
import { noEvents } from '../../../src/users/user-events.ts'
import type { SignIn, SignInRecord, UserStore } from '../../../src/users/user-store.ts'

const HASH =
  'argon2$argon2id$v=19$m=19456,t=2,p=1$ryK55w3rX0HFBBvhqMslpw$AdCSqQ8ZZiKiez+KEBachUARTcphL6Ng4oweQHzof4c'

t.test(
  'a password whose hash is of another kind gets a new one, while hashing is not too busy',
  async (t) => {
    const user = { id: 1 as UserId, isActive: true } as User
    const cases: [name: string, needed: boolean, hash: () => Promise<string>, recorded: object][] = [
      ['of ours', false, async () => 'new', { at: 7, verified: HASH }],
      ['of another kind', true, async () => 'new', { at: 7, verified: HASH, passwordHash: 'new' }],
      ['busy', true, () => Promise.reject(errors.unavailable()), { at: 7, verified: HASH }]
    ]
    for (const [name, needed, hash, recorded] of cases) {
      let written: unknown
      const users = {
        findForSignIn: async () => ({ user, passwordHash: HASH }),
        async recordSignIn(_id: UserId, signIn: SignIn) {
          written = signIn
          return user
        }
      }
      const hasher = { hash, verify: async () => true, needsRehash: () => needed }
      const sessions = { start: async () => ({ refresh: 'r', access: 'a' }) }
      const { signIn } = createAccounts({
        users: users as Partial<UserStore> as UserStore,
        sessions: sessions as Partial<Sessions> as Sessions,
        hasher: hasher as Partial<PasswordHasher> as PasswordHasher,
        throttle: noThrottle,
        clock: { now: () => 7 },
        events: noEvents
      })
      t.match(await signIn({ identifier: 'ada', password: 'x', prefer: 'email', address: '' }), {
        access: 'a'
      })
      t.strictSame(written, recorded, name)
    }
  }
)

t.test(
  'a sign-in hashes exactly once, whether there is an account or not, and a failed one is evened out',
  async (t) => {
    const user = { id: 1 as UserId, isActive: true } as User
    const inactive = { ...user, isActive: false }
    const accounts: Record<string, SignInRecord> = {
      ada: { user, passwordHash: HASH },
      gone: { user: inactive, passwordHash: HASH },
      'no password': { user, passwordHash: '!unusable' },
      'md5 of old': { user, passwordHash: 'md5$salt$0123' }
    }
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
      },
      async evenOut(encoded) {
        hashed.push(`evenOut ${encoded === HASH ? 'a hash' : encoded}`)
      }
    }
    const users = {
      findForSignIn: async (key: string) => accounts[key],
      recordSignIn: async () => user
    }
    const sessions = { start: async () => ({ refresh: 'r', access: 'a' }) }
    const { signIn } = createAccounts({
      users: users as Partial<UserStore> as UserStore,
      sessions: sessions as Partial<Sessions> as Sessions,
      hasher,
      throttle: noThrottle,
      clock: { now: () => 0 },
      events: noEvents
    })
    const cases: [name: string, password: string, hashed: string[], signedIn: boolean][] = [
      ['ada', 'right', ['verify'], true],
      ['ada', 'wrong', ['verify', 'evenOut a hash'], false],
      ['gone', 'right', ['verify', 'evenOut a hash'], false],
      ['nobody', 'right', ['verifyNobody', 'evenOut undefined'], false],
      ['no password', 'right', ['verifyNobody', 'evenOut undefined'], false],
      ['md5 of old', 'right', ['verifyNobody', 'evenOut undefined'], false]
    ]
    for (const [name, password, expected, signedIn] of cases) {
      hashed = []
      t.equal(
        (await signIn({ identifier: name, password, prefer: 'username', address: '' })) !== undefined,
        signedIn,
        `${name}, ${password}`
      )
      t.strictSame(hashed, expected)
    }
  }
)
