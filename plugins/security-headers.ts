import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/**
 * Of answers that are no pages: nothing of them may run, be framed, be taken for another type, or be embedded elsewhere.
 * `Strict-Transport-Security` is left to whoever ends TLS: it binds every port of the host.
 */
export const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer'
}

/** Puts them on every answer but what has its own: pictures, and the documentation. */
export default fp(
  async (app: FastifyInstance) => {
    app.addHook('onRequest', (_request, reply, done) => {
      reply.headers(SECURITY_HEADERS)
      done()
    })
  },
  { name: 'user-profile-security-headers', fastify: '5.x' }
)
