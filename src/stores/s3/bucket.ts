import type * as Sdk from '@aws-sdk/client-s3'
import { errorCode } from '../../error-code.ts'
import { StoreRefused } from '../../store-refused.ts'
import type { S3Options } from '../../store-settings.ts'
import { isMissing, translateS3Error } from './s3-errors.ts'

/** A server answers a connection within this time, */
const CONNECT_TIMEOUT_MS = 1500
/** a request within this, */
const RESPONSE_TIMEOUT_MS = 4000
/** and all attempts at it within this: a client that waits for its upload is told within seconds. */
const DEADLINE_MS = 8000
/** A body of which nothing moves for so long, at either end, is given up. */
const IDLE_TIMEOUT_MS = 30_000
const MAX_ATTEMPTS = 3
/** Connections to the server. */
export const MAX_SOCKETS = 128

/** Of servers that keep to no region. */
const ANY_REGION = 'us-east-1'

export interface SendOptions {
  /** Ends it before its time. */
  signal?: AbortSignal | undefined
  deadlineMs?: number
}

/** One bucket, and the requests to it. */
export interface Bucket {
  sdk: typeof Sdk
  client: Sdk.S3Client
  /** `Bucket`, as each request has it. */
  Bucket: string
  /**
   * Does what one request is part of, all of it within the deadline.
   * @throws `unavailable` (503), `storage_full` (507)
   */
  send<T>(
    operation: string,
    work: (abort: { abortSignal: AbortSignal }) => Promise<T>,
    options?: SendOptions
  ): Promise<T>
  /** The same; undefined where there is no such object. */
  find<T>(
    operation: string,
    work: (abort: { abortSignal: AbortSignal }) => Promise<T>,
    options?: SendOptions
  ): Promise<T | undefined>
}

/** @throws {StoreRefused} where the SDK is not installed */
export async function openBucket(options: S3Options): Promise<Bucket> {
  const sdk = await loadSdk()
  const client = new sdk.S3Client(clientConfig(options))

  async function attempt<T>(
    work: (abort: { abortSignal: AbortSignal }) => Promise<T>,
    { signal, deadlineMs = DEADLINE_MS }: SendOptions
  ): Promise<T> {
    const controller = new AbortController()
    const abort = () => controller.abort()
    // The SDK waits as long as a server tells it to between two attempts; nobody here does.
    const { promise: ended, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      reject(Object.assign(new Error(`no answer within ${deadlineMs} ms`), { code: 'ETIMEDOUT' }))
      abort()
    }, deadlineMs)
    signal?.addEventListener('abort', abort)
    try {
      signal?.throwIfAborted()
      return await Promise.race([work({ abortSignal: controller.signal }), ended])
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
  }

  const bucket: Bucket = {
    sdk,
    client,
    Bucket: options.bucket,
    async send(operation, work, options = {}) {
      try {
        return await attempt(work, options)
      } catch (error) {
        throw translateS3Error(error, operation)
      }
    },
    async find(operation, work, options = {}) {
      try {
        return await attempt(work, options)
      } catch (error) {
        if (isMissing(error)) return undefined
        throw translateS3Error(error, operation)
      }
    }
  }
  return bucket
}

export function clientConfig({
  region,
  endpoint,
  pathStyle,
  credentials,
  checksums
}: S3Options): Sdk.S3ClientConfig {
  return {
    ...((region ?? endpoint) && { region: region ?? ANY_REGION }),
    ...(endpoint && { endpoint }),
    ...(credentials && { credentials }),
    forcePathStyle: pathStyle ?? endpoint !== undefined,
    requestChecksumCalculation: checksums === 'when_required' ? 'WHEN_REQUIRED' : 'WHEN_SUPPORTED',
    // Asked for where the whole object is: the checksum of a whole tells nothing of a part.
    responseChecksumValidation: 'WHEN_REQUIRED',
    // A server that does not know how to go on would be waited for.
    expectContinueHeader: false,
    retryMode: 'standard',
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: RESPONSE_TIMEOUT_MS,
      throwOnRequestTimeout: true,
      socketTimeout: IDLE_TIMEOUT_MS,
      httpAgent: { maxSockets: MAX_SOCKETS },
      httpsAgent: { maxSockets: MAX_SOCKETS }
    }
  }
}

async function loadSdk(): Promise<typeof Sdk> {
  try {
    return await import('@aws-sdk/client-s3')
  } catch (error) {
    if (errorCode(error) !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new StoreRefused(
      'MEDIA_STORE',
      'needs the package @aws-sdk/client-s3; npm install @aws-sdk/client-s3',
      {
        cause: error
      }
    )
  }
}
