import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, RouteShorthandOptions } from 'fastify'
import { mediaKeyAt, mediaUrlPath } from '../src/avatars/media-paths.ts'
import type { Variants } from '../src/avatars/variants.ts'
import { errorCode } from '../src/error-code.ts'
import { errors } from '../src/errors.ts'
import { type PictureKind, pictureKind, SIGNATURE_BYTES } from '../src/pictures/picture-format.ts'
import { readHead } from '../src/stores/disk/read-head.ts'
import { sendError } from './errors.ts'
import { SAFE_HEADERS } from './safe-headers.ts'

export interface MediaOptions {
  /** The folder of pictures; an absolute path. */
  folder: string
  /** The URL path that pictures have in front of their own paths, with slashes at both ends. */
  mediaUrl: string
  /** Makes squares of pictures that are asked for and not there yet. */
  variants: Variants
}

/** A path with an escaped slash: no name has one, and the router would take it for a slash like any other. */
const ENCODED_SLASH = /^[^?#]*%2f/i

const MEDIA_TYPES: Partial<Record<PictureKind, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  avif: 'image/avif',
  bmp: 'image/bmp',
  tiff: 'image/tiff',
  heic: 'image/heic'
}

/**
 * Serves pictures, right from their folder and nothing else: under the type that their bytes have, whatever their
 * names say. The service never gives a name to other bytes, so they may be cached for ever.
 */
export default async function media(
  app: FastifyInstance,
  { folder, mediaUrl, variants }: MediaOptions
): Promise<void> {
  await app.register(fastifyStatic, {
    root: folder,
    // The plugin's own route would read the whole folder for each request, to compare spellings.
    serve: false,
    contentType: false,
    dotfiles: 'ignore',
    immutable: true,
    maxAge: '1y'
  })

  const options: RouteShorthandOptions = {
    // Found, and deleted before it was opened again.
    errorHandler: (error, request, reply) =>
      sendError(errorCode(error) === 'ENOENT' ? errors.notFound() : error, request, reply)
  }
  app.get<{ Params: { '*': string } }>(`${mediaUrl}*`, options, async (request, reply) => {
    const key = ENCODED_SLASH.test(request.url) ? undefined : mediaKeyAt(request.params['*'])
    if (key === undefined) throw errors.notFound()
    const findHead = () => readHead(join(folder, key), SIGNATURE_BYTES)
    let head = await findHead()
    if (!head) {
      const outcome = await variants.make(key)
      if (outcome?.made === false) return showInstead(reply, mediaUrl + mediaUrlPath(outcome.picture))
      if (outcome?.made) head = await findHead()
    }
    if (!head) throw errors.notFound()
    const type = mediaType(head)
    if (type === undefined) reply.header('content-disposition', 'attachment')
    return reply
      .headers(SAFE_HEADERS)
      .type(type ?? 'application/octet-stream')
      .sendFile(key)
  })
}

/** For this once: the next time, it may be there. */
const showInstead = (reply: FastifyReply, path: string) =>
  reply.headers({ ...SAFE_HEADERS, 'cache-control': 'no-store' }).redirect(path, 302)

function mediaType(head: Buffer): string | undefined {
  const kind = pictureKind(head)
  return kind && MEDIA_TYPES[kind]
}
