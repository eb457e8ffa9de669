import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Test } from 'tap'
import type { S3Options } from '../../../../src/store-settings.ts'

export interface CannedS3 {
  options: S3Options & { endpoint: string }
  /** Method and path of each request so far, such as `PUT /pictures/avatars/3f9c.jpg`. */
  requests: string[]
  answer(by: Answer): void
}

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown

export const SECRET_KEY = 'hunter2-hunter2-hunter2'

export const fault = (code: string, message = 'It said so.') =>
  `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message><RequestId>4442587FB7D0A2F9</RequestId></Error>`

const EMPTY_LIST =
  '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>pictures</Name><Prefix/><KeyCount>0</KeyCount><MaxKeys>1</MaxKeys><IsTruncated>false</IsTruncated></ListBucketResult>'

/** A server that fails as it is told; at first it has an empty bucket and nothing else. */
export async function startCannedS3(
  t: Test,
  first: Answer = (_request, response) => response.end(EMPTY_LIST)
): Promise<CannedS3> {
  let by = first
  const requests: string[] = []
  const server = createServer(async (request, response) => {
    requests.push(`${request.method} ${request.url?.split('?')[0]}`)
    // What a client has sent is read, or it would not hear the answer.
    await buffer(request).catch(() => {})
    by(request, response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    requests,
    options: {
      bucket: 'pictures',
      endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: 'AKIATEST', secretAccessKey: SECRET_KEY }
    },
    answer(next) {
      requests.length = 0
      by = next
    }
  }
}
