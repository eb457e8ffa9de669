import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, RouteHandlerMethod } from 'fastify'
import type { MediaKey, MediaStore } from '../../src/avatars/media-store.ts'
import { namesTag } from '../../src/entity-tags.ts'
import { errorCode } from '../../src/error-code.ts'
import { errors } from '../../src/errors.ts'
import type { DetailedLog } from '../../src/log.ts'
import { ignoresTrailingSlash } from '../user-profile/trailing-slash.ts'
import { pageHeaders } from './page-headers.ts'
import type { PageSettings } from './page-settings.ts'

export interface PagesOptions {
  settings: PageSettings
  media: MediaStore
  log: DetailedLog
  /** The folder of the built pages. @default where the build puts them */
  folder?: string
}

/** Beside the sources, in the checkout as in the package. */
const BUILT = fileURLToPath(new URL('../../pages/built/', import.meta.url))

/** What stands for the settings in a page. */
const PLACEHOLDER = '__SETTINGS__'

const HIDDEN = { schema: { hide: true } }

/** `GET /account/` and `GET /admin/`: pages over the interface, and what they load, which is below `/account/assets/`. */
export default async function pages(
  app: FastifyInstance,
  { settings, media, log, folder = BUILT }: PagesOptions
): Promise<void> {
  const headers = pageHeaders(await pictureOrigins(media, log))
  for (const name of settings.admin ? ['account', 'admin'] : ['account']) {
    const page = await readPage(`${folder}/${name}/index.html`, settings)
    if (!page) {
      log.warn({}, 'the pages are not built, and so not served: `npm run pages` builds them')
      return
    }
    const show: RouteHandlerMethod = (request, reply) => {
      // What the page loads lies beside it, wherever that is.
      if (!request.url.split('?', 1)[0]?.endsWith('/')) return reply.redirect(`${name}/`, 302)
      reply.headers({ ...headers, 'cache-control': 'no-cache', etag: page.etag })
      if (namesTag(request.headers['if-none-match'], page.etag)) return reply.code(304).send()
      return reply.type('text/html; charset=utf-8').send(page.text)
    }
    for (const path of ignoresTrailingSlash(app) ? [`/${name}/`] : [`/${name}/`, `/${name}`])
      app.get(path, HIDDEN, show)
  }

  await app.register(fastifyStatic, {
    root: `${folder}/account/assets/`,
    serve: false,
    // Which of them, the browser's `Accept-Encoding` says.
    preCompressed: true,
    // Their names change with what is in them.
    immutable: true,
    maxAge: '1y'
  })
  app.get<{ Params: { file: string } }>('/account/assets/:file', HIDDEN, (request, reply) => {
    const { file } = request.params
    // As the build names them.
    if (!/^[\w-]+(?:\.[\w-]+)*\.(?:js|css|svg)$/.test(file)) throw errors.notFound()
    reply.headers(headers)
    return reply.sendFile(file)
  })
}

/** A page with the settings in it; undefined where it was not built. */
async function readPage(
  path: string,
  settings: PageSettings
): Promise<{ text: string; etag: string } | undefined> {
  try {
    const text = (await readFile(path, 'utf8')).replace(PLACEHOLDER, () =>
      escapeAttribute(JSON.stringify(settings))
    )
    return { text, etag: `"${createHash('sha256').update(text).digest('base64url')}"` }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

const escapeAttribute = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')

/** Where browsers are sent for pictures, where that is not the service itself. */
async function pictureOrigins({ locate }: MediaStore, log: DetailedLog): Promise<string[]> {
  const anyPicture = { type: 'image/jpeg', storedType: 'image/jpeg' }
  try {
    const location = await locate?.('0.jpg' as MediaKey, anyPicture)
    return location ? [new URL(location.url).origin] : []
  } catch (error) {
    log.warn({ err: error }, 'where pictures are fetched from is not known; the pages may not show them')
    return []
  }
}
