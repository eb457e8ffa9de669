import type { Test } from 'tap'
import type { RowStores } from '../../src/open-stores.ts'
import { adminStoreContract } from './admin-store.ts'
import { auditLogContract } from './audit-log.ts'
import { identityStoreContract } from './identity-store.ts'
import { sessionStoreContract } from './session-store.ts'
import { sharedRowsContract } from './shared-rows.ts'
import { userStoreContract } from './user-store.ts'

/** Opens a new database as often as it is asked to, with the hashes of emails; closed when the test ends. */
export type OpenRows = (t: Test) => Promise<() => Promise<RowStores>>

/** What all stores over one database promise. */
export function rowStoresContract(t: Test, openAgain: OpenRows): void {
  const open = async (t: Test) => (await openAgain(t))()
  t.test('users', async (t) => userStoreContract(t, async (t) => (await open(t)).users))
  t.test('sessions', async (t) => sessionStoreContract(t, open))
  t.test('identities', async (t) => identityStoreContract(t, open))
  t.test('what administrators look at', async (t) => adminStoreContract(t, open))
  t.test('what administrators did', async (t) => auditLogContract(t, open))
  t.test('two at one database', async (t) =>
    sharedRowsContract(t, async (t) => {
      const again = await openAgain(t)
      return [await again(), await again()]
    })
  )
}
