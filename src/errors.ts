/** Field name to its sentences, in the shape that the interface answers: `{"email": ["…"]}`. */
export type FieldErrors = Record<string, string[]>

interface ErrorRow {
  code: string
  status: number
  body: object
  headers?: Record<string, string>
}

/**
 * An error with an answer of its own. Services throw it, the errors plugin sends it.
 * `code` is for logs and callers; the body is what the client sees, and never holds a cause.
 */
export class ServiceError extends Error {
  readonly code: string
  readonly status: number
  readonly body: object
  readonly headers: Record<string, string>

  constructor(row: ErrorRow, options?: ErrorOptions) {
    super(row.code, options)
    this.name = 'ServiceError'
    this.code = row.code
    this.status = row.status
    this.body = row.body
    this.headers = row.headers ?? {}
  }
}

/** What is wrong with a token, in SimpleJWT's words. */
export type TokenProblem =
  | 'Token is invalid or expired'
  | 'Token has wrong type'
  | 'Token has no type'
  | 'Token has no id'
  | "Token has no 'exp' claim"
  | 'Token is blacklisted'

const detail = (code: string, status: number, sentence: string, headers?: Record<string, string>) =>
  new ServiceError({ code, status, body: { detail: sentence }, ...(headers && { headers }) })

/** SimpleJWT's 401s name their code in the body too. */
const coded = (code: string, sentence: string, more: object = {}) =>
  new ServiceError({ code, status: 401, body: { detail: sentence, code, ...more } })

const error = (
  code: string,
  status: number,
  sentence: string,
  { cause, headers }: { cause?: unknown; headers?: Record<string, string> } = {}
) => new ServiceError({ code, status, body: { error: sentence }, ...(headers && { headers }) }, { cause })

/** Seconds after which a client may try again when a store is away or a queue is full. */
const RETRY_AFTER_SECONDS = 1

/**
 * Every answer that is not a success: code, status and sentence.
 * The sentences are the endpoint document's; where it is silent, Django REST Framework's and SimpleJWT's.
 */
export const errors = {
  notAuthenticated: () => detail('not_authenticated', 401, 'Authentication credentials were not provided.'),
  badAuthorizationHeader: () =>
    coded('bad_authorization_header', 'Authorization header must contain two space-delimited values'),
  accessTokenNotValid: (problem: TokenProblem) =>
    coded('token_not_valid', 'Given token not valid for any token type', {
      messages: [{ token_class: 'AccessToken', token_type: 'access', message: problem }]
    }),
  tokenNotValid: (problem: TokenProblem) => coded('token_not_valid', problem),
  tokenWithoutUser: () => coded('token_not_valid', 'Token contained no recognizable user identification'),
  userNotFound: () => coded('user_not_found', 'User not found'),
  userInactive: () => coded('user_inactive', 'User is inactive'),
  noActiveAccount: () =>
    detail('no_active_account', 401, 'No active account found with the given credentials'),
  invalidCredentials: () => error('invalid_credentials', 400, 'Invalid email or password.'),
  signUpClosed: () => error('sign_up_closed', 403, 'Sign-up is closed.'),
  identityWithoutEmail: () =>
    error(
      'identity_without_email',
      403,
      'Your sign-in brings no verified email address, and an account here needs one. Verify your email address where you signed in, then sign in there again.'
    ),
  identityEmailTaken: () =>
    error(
      'identity_email_taken',
      403,
      'There is an account with your email address that is not connected with this sign-in. Use the sign-in that it was made with, or ask an administrator.'
    ),
  notAuthorized: () => error('not_authorized', 403, 'Not authorized'),
  /** Of what administrators do to others, and nobody to themselves. */
  ownAccount: (sentence: string) => error('own_account', 400, sentence),
  notFound: () => detail('not_found', 404, 'Not found.'),
  methodNotAllowed: (method: string, allowed: readonly string[]) =>
    detail('method_not_allowed', 405, `Method "${method}" not allowed.`, { allow: allowed.join(', ') }),
  unsupportedMediaType: (contentType: string) =>
    detail('unsupported_media_type', 415, `Unsupported media type "${contentType}" in request.`),
  /** With what could be sent instead (RFC 9110, 15.5.16). */
  unsupportedContentEncoding: (encoding: string) =>
    detail('unsupported_content_encoding', 415, `Unsupported content encoding "${encoding}" in request.`, {
      'accept-encoding': 'identity'
    }),
  jsonParseError: (reason: string) => detail('parse_error', 400, `JSON parse error - ${reason}`),
  expectationFailed: () => detail('expectation_failed', 417, 'The request expects what is not supported.'),
  multipartParseError: (reason: string) =>
    detail('parse_error', 400, `Multipart form parse error - ${reason}`),
  formParseError: () => detail('parse_error', 400, 'Form parse error - the body is not UTF-8'),
  refused: (status: number, sentence: string, headers?: Record<string, string>) =>
    detail('refused', status, sentence, headers),
  invalidFields: (fields: FieldErrors) => new ServiceError({ code: 'invalid', status: 400, body: fields }),
  /** Somebody changed what the client wanted to change, or asks for what it no longer is. */
  preconditionFailed: () =>
    detail(
      'precondition_failed',
      412,
      'The profile was changed meanwhile. Read it again, and repeat your change where it is still wanted.'
    ),
  bodyTooLarge: () => detail('body_too_large', 413, 'The request body is too large.'),
  requestTimeout: () => detail('request_timeout', 408, 'The request took too long to arrive.'),
  avatarTooLarge: (maxBytes: number) =>
    new ServiceError({
      code: 'avatar_too_large',
      status: 413,
      body: { avatar: [`Ensure the file is no larger than ${formatBytes(maxBytes)}.`] }
    }),
  uploadTimeout: (field: string, ms: number) =>
    new ServiceError({
      code: 'upload_timeout',
      status: 408,
      body: { [field]: [`Ensure the upload takes no longer than ${formatSeconds(ms / 1000)}.`] }
    }),
  throttled: (seconds: number) =>
    detail('throttled', 429, `Request was throttled. Expected available in ${formatSeconds(seconds)}.`, {
      'retry-after': String(seconds)
    }),
  /** A store, a disk or a queue can't serve now. Nothing was written, unless the disk failed in the very commit. */
  unavailable: (cause?: unknown, retryAfterSeconds = RETRY_AFTER_SECONDS) =>
    error('unavailable', 503, 'The service is temporarily unavailable. Try again later.', {
      cause,
      headers: { 'retry-after': String(retryAfterSeconds) }
    }),
  /** The process can't keep up. Nobody's fault, so it is no error of the log's. */
  overloaded: () =>
    error('overloaded', 503, 'The service is temporarily unavailable. Try again later.', {
      headers: { 'retry-after': String(RETRY_AFTER_SECONDS) }
    }),
  /** The service ends soon, and others answer in its place. Nobody's fault either. */
  draining: () =>
    error('draining', 503, 'The service is temporarily unavailable. Try again later.', {
      headers: { 'retry-after': String(RETRY_AFTER_SECONDS) }
    }),
  storageFull: (cause?: unknown) => error('storage_full', 507, 'The service has no storage left.', { cause }),
  internal: (requestId: string, cause: unknown) =>
    error('internal', 500, `The server failed to answer this request. Its id is ${requestId}.`, { cause })
}

/** Whether something was refused because nobody is known by what was sent. */
export const isUnauthenticated = (error: unknown): boolean =>
  error instanceof ServiceError && error.status === 401

const formatSeconds = (seconds: number) => `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`

/** 10485760 → "10 MB": the interface counts in powers of 1024, as its sentences always did. */
function formatBytes(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB']
  let size = bytes
  let unit = 0
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024
    unit++
  }
  return `${Number(size.toFixed(1))} ${units[unit]}`
}
