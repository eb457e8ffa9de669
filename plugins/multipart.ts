import fastifyMultipart, { type FastifyMultipartBaseOptions, type Multipart } from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** The parts of a multipart body, read with limits of the call. */
export type Parts = (options: Pick<FastifyMultipartBaseOptions, 'limits'>) => AsyncIterableIterator<Multipart>

/**
 * Lets a scope take multipart bodies, and answers what opens the parts of a request's, if it has such a body.
 *
 * Below a host that has @fastify/multipart a second registration would collide with its decorators, so the host's are used.
 * But its hooks run here too, and one that was asked to attach fields to the body would read it into memory, with the
 * host's limits: they are told that there is no multipart body until its parts are opened here.
 */
export async function takeMultipart(
  app: FastifyInstance
): Promise<(request: FastifyRequest) => Parts | undefined> {
  if (!app.hasRequestDecorator('parts')) {
    await app.register(fastifyMultipart)
    return (request) => (request.isMultipart() ? open(request) : undefined)
  }
  const opened = new WeakSet<FastifyRequest>()
  const received = new WeakSet<FastifyRequest>()
  if (app.hasContentTypeParser('multipart/form-data')) app.removeContentTypeParser('multipart/form-data')
  app.addContentTypeParser('multipart/form-data', (request, _payload, done) => {
    received.add(request)
    done(null)
  })
  app.decorateRequest('isMultipart', function () {
    return opened.has(this)
  })
  return (request) => {
    if (!received.has(request)) return undefined
    opened.add(request)
    return open(request)
  }
}

/** A file that is too large is refused by whoever reads it, in the interface's words. */
const open =
  (request: FastifyRequest): Parts =>
  (options) =>
    request.parts(Object.assign({ throwFileSizeLimit: false }, options))
