import t from 'tap'
import { createS3MediaStore } from '../../../../src/stores/s3/s3-media-store.ts'
import { mediaStoreContract } from '../../../contracts/media-store.ts'
import { startNodeS3 } from '../../../node-s3.ts'

const bucket = await startNodeS3(t)
let serial = 0

t.test('the contract', async (t) =>
  mediaStoreContract(t, async (t) => {
    const store = await createS3MediaStore({ ...bucket, prefix: `test-${serial++}/` })
    t.teardown(() => store.close())
    return store
  })
)
