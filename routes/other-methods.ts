import type { FastifyInstance, FastifyRequest, HTTPMethods, RouteOptions as Route } from 'fastify'
import { errors } from '../src/errors.ts'
import type { Authenticate } from './own-account.ts'
import { Detail, Unauthenticated } from './schemas/responses.ts'

const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'QUERY'
] as const satisfies HTTPMethods[]

/**
 * Collects the routes of a scope as they are registered, so that afterwards every other method of each path can
 * be refused with 405 and `Allow`; where the path's own routes ask for a token, after asking for it too.
 */
export function collectMethods(
  app: FastifyInstance,
  authenticate: Authenticate
): { refuseOthers(scope: FastifyInstance): void } {
  const paths = new Map<string, { methods: Set<string>; bearer: boolean }>()
  app.addHook('onRoute', ({ url, method, onRequest }: Route) => {
    // The same path once more, without its slash.
    if (!url.endsWith('/')) return
    const path = paths.get(url) ?? { methods: new Set(), bearer: false }
    for (const one of [method].flat()) path.methods.add(one)
    path.bearer ||= [onRequest].flat().some((hook) => hook === authenticate)
    paths.set(url, path)
  })
  return {
    refuseOthers(scope) {
      // A copy: registering these adds to the collection too.
      for (const [url, { methods, bearer }] of [...paths]) {
        const allowed = [...methods]
        const refuse = async ({ method }: FastifyRequest) => {
          throw errors.methodNotAllowed(method, allowed)
        }
        scope.route({
          method: METHODS.filter((method) => !methods.has(method)),
          url: url.slice(scope.prefix.length),
          schema: { response: { 401: Unauthenticated, 405: Detail } },
          // Before Fastify asks some of them for a content type.
          onRequest: bearer ? [authenticate, refuse] : refuse,
          handler: refuse
        })
      }
    }
  }
}
