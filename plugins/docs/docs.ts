import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, RouteHandlerMethod } from 'fastify'
import { namesTag } from '../../src/entity-tags.ts'
import { errors } from '../../src/errors.ts'
import { ignoresTrailingSlash } from '../user-profile/trailing-slash.ts'
import { PAGE, PAGE_HEADERS, PAGE_SCRIPT } from './page.ts'

export interface DocsOptions {
  /** Makes the OpenAPI document; called when it is first asked for. */
  describe(): Promise<object>
}

/** What the page loads, of the files of Swagger UI that come with @fastify/swagger-ui. */
const FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']

const HIDDEN = { schema: { hide: true } }

/** `GET /openapi.json`, and `GET /docs/`: a page to read and try it, which loads nothing from elsewhere. */
export default async function docs(app: FastifyInstance, { describe }: DocsOptions): Promise<void> {
  const read = once(async () => {
    const text = JSON.stringify(await describe())
    return { text, etag: `"${createHash('sha256').update(text).digest('base64url')}"` }
  })

  app.get('/openapi.json', HIDDEN, async (request, reply) => {
    const { text, etag } = await read()
    reply.headers({ 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff', etag })
    if (namesTag(request.headers['if-none-match'], etag)) return reply.code(304).send()
    return reply.type('application/json; charset=utf-8').serializer(String).send(text)
  })

  await app.register(fastifyStatic, { root: swaggerUiFolder(), serve: false })
  const paths = ignoresTrailingSlash(app) ? ['/docs/'] : ['/docs/', '/docs']
  const showPage: RouteHandlerMethod = (request, reply) => {
    // What the page loads lies beside it, wherever that is.
    if (!request.url.split('?', 1)[0]?.endsWith('/')) return reply.redirect('docs/', 302)
    return reply.headers(PAGE_HEADERS).type('text/html; charset=utf-8').send(PAGE)
  }
  for (const path of paths) app.get(path, HIDDEN, showPage)
  app.get<{ Params: { file: string } }>('/docs/:file', HIDDEN, (request, reply) => {
    const { file } = request.params
    reply.headers(PAGE_HEADERS)
    if (file === 'page.js') return reply.type('text/javascript; charset=utf-8').send(PAGE_SCRIPT)
    if (!FILES.includes(file)) throw errors.notFound()
    return reply.sendFile(file)
  })
}

function swaggerUiFolder(): string {
  const { resolve } = createRequire(import.meta.url)
  return join(dirname(resolve('@fastify/swagger-ui')), 'static')
}

/** What was made is kept; a failure is not. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
}
