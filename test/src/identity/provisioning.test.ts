import t from 'tap'
import { DEFAULT_CLAIMS } from '../../../src/identity/jwks-options.ts'
import { createProvisioning } from '../../../src/identity/provisioning.ts'
import { openSqliteStores } from '../../../src/stores/sqlite/open-sqlite.ts'
import type { User } from '../../../src/users/user.ts'
import { stoppedClock } from '../../helper.ts'
import { personClaims } from '../../identity-provider.ts'

t.test('of many first sights of one person at once, one is told of, after the commit', async (t) => {
  const { users, identities, close } = openSqliteStores({ path: `${t.testdir()}/profile.db` })
  t.teardown(close)
  const told: (User | undefined)[] = []
  const silent = () => {}
  const provision = createProvisioning({
    identities,
    claims: DEFAULT_CLAIMS,
    clock: stoppedClock(),
    log: { info: silent, warn: silent, error: silent },
    onProvisioned: async (user) => void told.push(await users.findById(user.id))
  })
  const identity = { issuer: 'issuer', subject: 'ada' }
  const made = await Promise.all(Array.from({ length: 20 }, () => provision(identity, personClaims('ada'))))
  t.strictSame(told, [made[0]])
  t.ok(made.every(({ id }) => id === made[0]?.id))
  await provision(identity, personClaims('ada'))
  t.equal(told.length, 1)
})
