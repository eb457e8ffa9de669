import t from 'tap'
import { rowStoresContract } from '../../../contracts/row-stores.ts'
import { startPostgres } from '../../../postgres.ts'
import { openStores, prepareDatabase } from '../../../postgres-stores.ts'

const emptyDatabase = await prepareDatabase(await startPostgres(t))

rowStoresContract(t, async (t) => {
  const url = await emptyDatabase()
  return () => openStores(t, { url })
})
