import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { errors, ServiceError } from '../src/errors.ts'
import { discardRest } from './connections/discard-rest.ts'

const WWW_AUTHENTICATE = 'Bearer realm="api"'

/** What an answer may have been given before it failed, and an error must not have. */
const OF_SUCCESS = ['etag', 'last-modified', 'accept-ranges', 'content-disposition', 'content-length']

/** Answers of 500 and more that say nothing is broken. */
const NOBODYS_FAULT = new Set(['overloaded', 'draining'])

export interface ErrorsOptions {
  /** Whether paths that are nobody's are answered too. @default true */
  notFound?: boolean
}

/**
 * Answers every error in the interface's own shape, and says nothing of a fault but its request's id. What is still to
 * come of a refused request's body is read past.
 */
export default fp<ErrorsOptions>(
  async (app: FastifyInstance, { notFound = true }) => {
    app.setErrorHandler(sendError)
    if (notFound) answerNotFound(app)
  },
  { name: 'user-profile-errors', fastify: '5.x' }
)

/** Answers paths that are nobody's in a scope that has a prefix of its own, or is the whole app. */
export function answerNotFound(app: FastifyInstance): void {
  // Before the body is read, which may be anything.
  app.addHook('onRequest', (request, _reply, done) => done(request.is404 ? errors.notFound() : undefined))
  app.setNotFoundHandler((request, reply) => sendError(errors.notFound(), request, reply))
}

export async function sendError(
  thrown: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply
): Promise<void> {
  const error = thrown instanceof ServiceError ? thrown : translate(thrown, request)
  if (error.status >= 500 && !NOBODYS_FAULT.has(error.code))
    request.log.error({ err: error.cause ?? error }, error.code)
  else request.log.debug({ code: error.code }, 'refused')
  if (error.status === 401) reply.header('www-authenticate', WWW_AUTHENTICATE)
  const connection = connectionAfter(error.status, reply)
  // Of HTTP/2 a connection is not one request's, whatever Fastify says of it.
  if (request.raw.httpVersionMajor > 1) reply.removeHeader('connection')
  else if (connection) reply.header('connection', connection)
  if (error.status !== 408) await discardRest(request.raw)
  for (const name of OF_SUCCESS) reply.removeHeader(name)
  reply.header('cache-control', 'no-store').type('application/json; charset=utf-8')
  return reply.code(error.status).headers(error.headers).send(error.body)
}

/** What becomes of a connection, where that is not left to Fastify. */
function connectionAfter(status: number, { raw }: FastifyReply): 'keep-alive' | 'close' | undefined {
  // What did not come in time is not waited for any longer.
  if (status === 408) return 'close'
  // Fastify would close it on a body that is too large, and its sender might never read why.
  if (status === 413) return raw.shouldKeepAlive ? 'keep-alive' : 'close'
  return undefined
}

/** Fastify's own refusals in the interface's words; whatever else arrives here is a fault of ours. */
function translate(
  error: Error & { code?: string; statusCode?: number; headers?: Record<string, string> },
  request: FastifyRequest
): ServiceError {
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return errors.unsupportedMediaType(request.headers['content-type'] ?? '')
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return errors.bodyTooLarge()
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return errors.refused(400, 'The body is not as long as its Content-Length says.')
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return errors.notFound()
  }
  const status = error.statusCode ?? 500
  if (status >= 500) return errors.internal(request.id, error)
  // A path that leads out of the folder of pictures names nothing, and is not told so.
  return status === 403 ? errors.notFound() : errors.refused(status, error.message, error.headers)
}
