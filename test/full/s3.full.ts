import t from 'tap'
import { createS3MediaStore } from '../../src/stores/s3/s3-media-store.ts'
import { mediaStoreContract } from '../contracts/media-store.ts'
import { type S3Server, startMoto, startVersitygw } from './s3-servers.ts'

const credentialsOf = ({ accessKeyId, secretAccessKey }: S3Server) => ({ accessKeyId, secretAccessKey })

for (const start of [startVersitygw, startMoto])
  t.test(start.name.replace('start', ''), async (t) => {
    const server = await start(t)
    const { endpoint, region, bucket } = server
    const credentials = credentialsOf(server)
    let serial = 0
    for (const checksums of ['when_supported', 'when_required'] as const)
      t.test(`the contract, with checksums ${checksums}`, async (t) =>
        mediaStoreContract(t, async (t) => {
          const prefix = `contract-${serial++}/`
          const store = await createS3MediaStore({ bucket, prefix, endpoint, region, credentials, checksums })
          t.teardown(() => store.close())
          return store
        })
      )
  })
