import t, { type Test } from 'tap'
import { openSqliteStores } from '../../../../src/stores/sqlite/open-sqlite.ts'
import { identityStoreContract } from '../../../contracts/identity-store.ts'
import { sessionStoreContract } from '../../../contracts/session-store.ts'
import { userStoreContract } from '../../../contracts/user-store.ts'

async function open(t: Test) {
  const stores = openSqliteStores({ path: `${t.testdir()}/profile.db`, keepEmailHashes: true })
  t.teardown(() => stores.close())
  return stores
}

t.test('users', async (t) => userStoreContract(t, async (t) => (await open(t)).users))
t.test('sessions', async (t) => sessionStoreContract(t, open))
t.test('identities', async (t) => identityStoreContract(t, open))
