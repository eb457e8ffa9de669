import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { parse as secureJsonParse } from 'secure-json-parse'
import { errors } from '../../src/errors.ts'
import { keepWrittenNumbers } from '../../src/validation/written-numbers.ts'
import { discardRest } from '../connections/discard-rest.ts'

/** `__proto__` and `constructor.prototype` are unknown fields like any other: left out, not an error. */
const IGNORE_PROTOTYPES = { protoAction: 'remove', constructorAction: 'remove' } as const

/** Parses JSON and form bodies as Django REST Framework does, in a scope that takes none yet. Multipart is read elsewhere. */
export function addBodyParsers(app: FastifyInstance): void {
  // What is compressed is not decoded, and its bytes are no body that anybody meant.
  app.addHook('preParsing', ({ headers }, _reply, payload, done) => {
    const encoding = headers['content-encoding'] ?? ''
    const isPlain = encoding === '' || encoding.toLowerCase() === 'identity'
    done(isPlain ? null : errors.unsupportedContentEncoding(encoding), payload)
  })

  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
    if (body.length === 0) return done(null, {})
    if (!isUtf8(body)) return done(errors.jsonParseError('the body is not UTF-8'))
    try {
      done(null, parseJson(body.toString('utf8')))
    } catch (error) {
      done(errors.jsonParseError(whereMalformed(error)))
    }
  })

  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer' },
    (_request, body: Buffer, done) => {
      // Of a field that comes twice the last value counts.
      const fields = Object.fromEntries(new URLSearchParams(body.toString('utf8')))
      if (mayBeGarbled(fields) && !isUtf8(withoutPercents(body))) return done(errors.formParseError())
      done(null, fields)
    }
  )
}

/** Whether there is U+FFFD, which also stands for bytes that are no UTF-8. */
const mayBeGarbled = (fields: Record<string, string>): boolean =>
  Object.entries(fields).some(([name, value]) => name.includes('\ufffd') || value.includes('\ufffd'))

/** The bytes that a form's percent signs stand for. */
const withoutPercents = (body: Buffer): Buffer =>
  Buffer.from(
    body
      .toString('latin1')
      .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1'
  )

/** Lets any body pass by unread: for routes that need none, whatever clients send. */
export function ignoreBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  // Fastify refuses a malformed type before it looks for a parser; of a body that nobody reads it is no matter.
  app.addHook('onRequest', async (request) => {
    delete request.headers['content-type']
  })
  app.addContentTypeParser('*', async (request: FastifyRequest) => discardRest(request.raw))
}

function parseJson(text: string): unknown {
  const parsed: unknown = secureJsonParse(text, undefined, IGNORE_PROTOTYPES)
  // A byte order mark may be ignored (RFC 8259, 8.1), as it just was.
  keepWrittenNumbers(parsed, text.startsWith('\ufeff') ? text.slice(1) : text)
  return parsed
}

/** Where the parser stopped, without the text that it stopped at: bodies hold passwords. */
function whereMalformed(error: unknown): string {
  if (error instanceof RangeError) return 'nested too deep'
  const position = /at position \d+/.exec(error instanceof Error ? error.message : '')
  return position ? `malformed ${position[0]}` : 'malformed, or cut short'
}
