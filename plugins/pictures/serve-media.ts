import type { FastifyInstance, FastifyReply, RouteShorthandOptions } from 'fastify'
import { operation } from '../../routes/schemas/operation.ts'
import { mediaKeyAt, mediaUrlPath } from '../../src/avatars/media-paths.ts'
import type { MediaStore } from '../../src/avatars/media-store.ts'
import type { Variants } from '../../src/avatars/variants.ts'
import { errorCode } from '../../src/error-code.ts'
import { errors } from '../../src/errors.ts'
import { mediaType } from '../../src/pictures/media-type.ts'
import { sendError } from '../errors.ts'
import { prefixOf } from '../user-profile/trailing-slash.ts'
import { openPictureFiles } from './picture-files.ts'
import { SAFE_HEADERS } from './safe-headers.ts'
import { openStoredPictures } from './stored-pictures.ts'

export interface ServeMediaOptions {
  media: MediaStore
  /** The URL path that pictures have in front of their own paths, with slashes at both ends. */
  mediaUrl: string
  /** Makes squares of pictures that are asked for and not there yet. */
  variants: Variants
}

/** A path with an escaped slash: no name has one, and the router would take it for a slash like any other. */
const ENCODED_SLASH = /^[^?#]*%2f/i

/**
 * Serves pictures and nothing else: under the type that their bytes have, whatever their names say. A name is never
 * given to other bytes, so they may be cached for ever.
 */
export default async function serveMedia(
  app: FastifyInstance,
  { media, mediaUrl, variants }: ServeMediaOptions
): Promise<void> {
  const find =
    media.folder === undefined ? openStoredPictures(media) : await openPictureFiles(app, media.folder)
  const options: RouteShorthandOptions = {
    schema: operation(
      {
        operationId: 'getPicture',
        summary: 'A picture, or a square of one',
        description:
          'Served under the type that its bytes have. Squares of 32, 64, 128 and 256 pixels are at the picture’s path with `@64.webp` in place of its extension. A name’s bytes never change, so they may be cached for ever.',
        tags: ['Pictures']
      },
      {}
    ),
    // Found, and deleted before it was opened again.
    errorHandler: (error, request, reply) =>
      sendError(errorCode(error) === 'ENOENT' ? errors.notFound() : error, request, reply)
  }
  app.get<{ Params: { '*': string } }>(`${mediaUrl}*`, options, async (request, reply) => {
    const key = ENCODED_SLASH.test(request.url) ? undefined : mediaKeyAt(request.params['*'])
    if (key === undefined) throw errors.notFound()
    let picture = await find(key, request, reply)
    if (!picture) {
      const outcome = await variants.make(key)
      if (outcome?.made === false)
        return showInstead(reply, prefixOf(app) + mediaUrl + mediaUrlPath(outcome.picture))
      if (outcome?.made) picture = await find(key, request, reply)
    }
    if (!picture) throw errors.notFound()
    const type = mediaType(picture.head)
    if (type === undefined) reply.header('content-disposition', 'attachment')
    reply.headers(SAFE_HEADERS).type(type ?? 'application/octet-stream')
    return picture.send(request, reply)
  })
}

/** For this once: the next time, it may be there. */
const showInstead = (reply: FastifyReply, path: string) =>
  reply.headers({ ...SAFE_HEADERS, 'cache-control': 'no-store' }).redirect(path, 302)
