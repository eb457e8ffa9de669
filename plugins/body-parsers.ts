import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { errors } from '../src/errors.ts'

/**
 * Parses JSON and form bodies as Django REST Framework does. Multipart is the uploads plugin's. It forgets the
 * parsers that the scope inherited, so call it in a scope of its own.
 */
export function addBodyParsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  // `__proto__` and `constructor.prototype` are unknown fields like any other: left out, not an error.
  const parseJson = app.getDefaultJsonParser('remove', 'remove')

  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (request: FastifyRequest, body: Buffer, done) => {
      if (body.length === 0) return done(null, {})
      if (!isUtf8(body)) return done(errors.jsonParseError('the body is not UTF-8'))
      parseJson(request, body.toString('utf8'), (error, value) => {
        if (error) done(errors.jsonParseError(jsonReason(error)))
        else done(null, value)
      })
    }
  )

  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => {
      // Of a field that comes twice the last value counts.
      done(null, Object.fromEntries(new URLSearchParams(String(body))))
    }
  )
}

/** Lets any body pass by unread: for routes that need none, whatever clients send. */
export function ignoreBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  // Fastify refuses a malformed type before it looks for a parser; of a body that nobody reads it is no matter.
  app.addHook('onRequest', async (request) => {
    delete request.headers['content-type']
  })
  app.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume()
    payload.once('error', () => {})
    done(null, undefined)
  })
}

/** Where the parser stopped, without the text that it stopped at: bodies hold passwords. */
function jsonReason({ cause, message }: Error): string {
  const position = /at position \d+/.exec(cause instanceof Error ? cause.message : message)
  return position ? `malformed ${position[0]}` : 'malformed'
}
