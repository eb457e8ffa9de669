import t from 'tap'
import { openSqliteStores } from '../../../../src/stores/sqlite/open-sqlite.ts'
import { rowStoresContract } from '../../../contracts/row-stores.ts'

rowStoresContract(t, async (t) => {
  const path = `${t.testdir()}/profile.db`
  return async () => {
    const stores = openSqliteStores({ path, keepEmailHashes: true })
    t.teardown(() => stores.close())
    return stores
  }
})
