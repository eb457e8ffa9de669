import { errors, type ServiceError } from '../../errors.ts'
import { StoreRefused } from '../../store-refused.ts'

/** What is known of an answer of a server, or of there being none. */
interface Details {
  /** The server's own, such as `SlowDown`, or the system's, such as `ECONNREFUSED`; empty where there is none. */
  code: string
  /** Undefined where nothing was answered. */
  status: number | undefined
  /** By which whoever runs the server finds it in its logs. */
  requestId: string | undefined
  attempts: number | undefined
}

/**
 * A request that came to nothing, in words. The SDK's own error is left behind: it carries the whole answer with it, and
 * what is logged of that is not ours to say.
 */
export class S3Failure extends StoreRefused implements Details {
  readonly code: string
  readonly status: number | undefined
  readonly requestId: string | undefined
  readonly attempts: number | undefined

  constructor(message: string, { code, status, requestId, attempts }: Details) {
    super('MEDIA_STORE', message)
    this.code = code
    this.status = status
    this.requestId = requestId
    this.attempts = attempts
  }
}

interface SdkError extends Error {
  code?: string
  $metadata?: { httpStatusCode?: number; requestId?: string; attempts?: number }
}

/** Names of errors that say nothing a status does not. */
const NAMELESS = new Set(['Error', 'Unknown', 'UnknownError', 'AggregateError', 'TimeoutError', 'AbortError'])

const isError = (error: unknown): error is SdkError => error instanceof Error

/** Where a name has several addresses, each has an error of its own. */
const firstOf = (error: unknown): unknown => (error instanceof AggregateError ? error.errors[0] : error)

function detailsOf(error: SdkError): Details {
  const { httpStatusCode: status, requestId, attempts } = error.$metadata ?? {}
  const code = NAMELESS.has(error.name) ? (error.code ?? '') : error.name
  return { code, status, requestId, attempts }
}

/** What a server, the network or the SDK threw, in words. */
export function describeFailure(thrown: unknown, operation: string): S3Failure {
  const first = firstOf(thrown)
  const error = isError(first) ? first : new Error(String(first))
  const details = isError(thrown) ? { ...detailsOf(thrown), code: detailsOf(error).code } : detailsOf(error)
  const said = [details.code, details.status && `(${details.status})`].filter(Boolean).join(' ')
  const reason = error.message === details.code ? '' : error.message
  return new S3Failure([operation, said, reason].filter(Boolean).join(': '), details)
}

/** Quotas and full disks, by what servers call them. */
const FULL = new Set([
  'XMinioStorageFull',
  'XMinioAdminBucketQuotaExceeded',
  'QuotaExceeded',
  'InsufficientStorage',
  'NotEnoughSpace'
])

/** Our terms for it: 507 where the store is full, 503 for all else, whose log says why. */
export function translateS3Error(thrown: unknown, operation: string): ServiceError {
  const failure = describeFailure(thrown, operation)
  const isFull = failure.status === 507 || FULL.has(failure.code)
  return isFull ? errors.storageFull(failure) : errors.unavailable(failure)
}

/** Whether there is no such object. That there is no such bucket is something else, where it can be told. */
export function isMissing(error: unknown): boolean {
  if (!isError(error)) return false
  return error.name !== 'NoSuchBucket' && error.$metadata?.httpStatusCode === 404
}

/** Whether a part was asked for that begins behind the object's end. */
export const isBeyondEnd = (error: unknown): boolean =>
  isError(error) && error.$metadata?.httpStatusCode === 416

/** Whether the request can't have reached a server. */
export const wasNeverSent = ({ code }: Details): boolean =>
  [
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'ENETUNREACH',
    'EHOSTUNREACH',
    'CredentialsProviderError'
  ].includes(code)

/** Statuses of servers that are only busy. */
const PASSING = new Set([408, 429])

/** Why a bucket can't be used until somebody changes a setting or a right; undefined where it is only away. */
export function refusalOf(failure: S3Failure, bucket: string): StoreRefused | undefined {
  const { code, status = 0, message } = failure
  const refused = (sentence: string) => new StoreRefused('MEDIA_STORE', sentence, { cause: failure })
  if (code === 'CredentialsProviderError')
    return refused(
      'no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run where a role gives them'
    )
  if (/region is missing/i.test(message)) return refused('no region; set AWS_REGION')
  if (status === 404) return refused(`the server has no bucket "${bucket}" (${message})`)
  if (status === 301 || code === 'AuthorizationHeaderMalformed')
    return refused(`the bucket "${bucket}" is in another region; set AWS_REGION (${message})`)
  if (status === 401 || status === 403)
    return refused(`the server refuses to list the bucket "${bucket}" (${message})`)
  return status >= 400 && status < 500 && !PASSING.has(status) ? refused(message) : undefined
}
