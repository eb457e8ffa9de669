import fastifyMultipart, { type FastifyMultipartBaseOptions, type Multipart } from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** The parts of a multipart body, read with limits of the call. */
export type Parts = (options: Pick<FastifyMultipartBaseOptions, 'limits'>) => AsyncIterableIterator<Multipart>

/** Opens the parts of a request's multipart body, if it has one. */
export type OpenParts = (request: FastifyRequest) => Parts | undefined

/** Has @fastify/multipart where the app has not yet: a second registration would collide with the decorators of the first. */
export async function haveMultipart(app: FastifyInstance): Promise<OpenParts> {
  if (!app.hasRequestDecorator('parts')) await app.register(fastifyMultipart)
  return (request) => (request.isMultipart() ? partsOf(request) : undefined)
}

/**
 * Multipart bodies of a scope's own, below an app that has @fastify/multipart or not, now or later. The app's hooks run here
 * too, and one that was asked to attach fields to the body would read it into memory, with the app's limits: they are told
 * that there is no multipart body until its parts are opened. The scope takes no other bodies, unless it is told to.
 * @param register registers the scope's routes, with what opens parts
 */
export async function withOwnMultipart(
  app: FastifyInstance,
  register: (scope: FastifyInstance, openParts: OpenParts) => Promise<void>
): Promise<void> {
  await app.register(async (outer) => {
    outer.removeAllContentTypeParsers()
    await haveMultipart(outer)
    // One further inside, where what the plugin decorates can be decorated anew.
    await outer.register(async (scope) => register(scope, hideMultipart(scope)))
  })
}

function hideMultipart(scope: FastifyInstance): OpenParts {
  const received = new WeakSet<FastifyRequest>()
  const opened = new WeakSet<FastifyRequest>()
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('multipart/form-data', (request, _payload, done) => {
    received.add(request)
    done(null)
  })
  scope.decorateRequest('isMultipart', function () {
    return opened.has(this)
  })
  return (request) => {
    if (!received.has(request)) return undefined
    opened.add(request)
    return partsOf(request)
  }
}

/** A file that is too large is refused by whoever reads it, in the interface's words. */
const partsOf =
  (request: FastifyRequest): Parts =>
  (options) =>
    request.parts(Object.assign({ throwFileSizeLimit: false }, options))
