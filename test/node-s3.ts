import { startFauxqs } from 'fauxqs'
import type { Test } from 'tap'

/** A bucket, as settings name it. */
export interface TestBucket {
  endpoint: string
  bucket: string
  region: string
  credentials: { accessKeyId: string; secretAccessKey: string }
  stop(): Promise<void>
}

/** An S3 server within Node, with one bucket, ended with the test. */
export async function startNodeS3(t: Test): Promise<TestBucket> {
  const server = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false })
  t.teardown(() => server.stop())
  const bucket = 'pictures'
  server.createBucket(bucket)
  return {
    endpoint: `http://127.0.0.1:${server.port}`,
    bucket,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test-secret' },
    stop: () => server.stop()
  }
}
