import type { FastifyInstance, RouteOptions } from 'fastify'

/**
 * Answers the paths of a scope, which end with a slash, without it too. Where the app's router takes both by itself,
 * nothing is added.
 */
export function answerWithoutSlash(app: FastifyInstance): void {
  if (ignoresTrailingSlash(app)) return
  app.addHook('onRoute', function (route: RouteOptions) {
    // Of a GET, Fastify makes the HEAD by itself.
    if (!route.url.endsWith('/') || route.method === 'HEAD') return
    const url = route.url.slice(this.prefix.length, -1)
    // The documents that are made of routes name each once.
    this.route({ ...route, url, schema: { ...route.schema, hide: true } })
  })
}

/** Whether the app's router takes a path with a slash at its end and without for one. */
export function ignoresTrailingSlash({ initialConfig }: FastifyInstance): boolean {
  const { ignoreTrailingSlash, routerOptions } = initialConfig
  return ignoreTrailingSlash || (routerOptions?.ignoreTrailingSlash ?? false)
}

/** What stands before the paths of a scope, without the slash that it was maybe registered with. */
export const prefixOf = ({ prefix }: FastifyInstance): string => prefix.replace(/\/$/, '')
