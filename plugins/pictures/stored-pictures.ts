import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { MediaKey, MediaStore, OpenedFile } from '../../src/avatars/media-store.ts'
import { errors } from '../../src/errors.ts'
import { mediaType } from '../../src/pictures/media-type.ts'
import { SIGNATURE_BYTES } from '../../src/pictures/picture-format.ts'
import type { FindPicture, FoundPicture } from './found-picture.ts'
import { peek } from './peek.ts'
import { isConditional, judge, type Part, partOf, type Validators } from './preconditions.ts'

/** A picture of which the beginning is known, and the rest can be had. */
interface Source extends Validators {
  bytes: number
  head: Buffer
  /** Undefined where it is gone meanwhile. */
  read(part?: Part): Promise<Buffer | Readable | undefined>
}

const BEGINNING = { start: 0, end: SIGNATURE_BYTES - 1 }

/** Pictures of a store that keeps them elsewhere than in files here. */
export function openStoredPictures(media: MediaStore): FindPicture {
  if (!media.open) return (key) => findWhole(media, key)
  return async (key, request, reply) => {
    const signal = whileWaiting(reply)
    const open = async (part?: Part) => {
      const opened = await media.open?.(key, { ...(part && { part }), signal })
      const body = opened?.body
      if (body instanceof Readable) signal.addEventListener('abort', () => body.destroy(), { once: true })
      return opened
    }
    try {
      // By its beginning alone all is known but the rest of it; who asks for the whole gets it with one request.
      const isWhole = !media.locate && request.method === 'GET' && !isConditional(request.headers)
      const opened = await open(isWhole ? undefined : BEGINNING)
      if (!opened) return undefined
      const head = await peek(opened.body, SIGNATURE_BYTES)
      const read = async (part?: Part) => (isWhole ? opened.body : (await open(part))?.body)
      const found = answering({ ...opened, head, read })
      return media.locate ? { ...found, send: redirecting(media, key, opened, found) } : found
    } catch (error) {
      throw signal.aborted ? errors.refused(499, 'The client went away.') : error
    }
  }
}

/** Of a store that knows nothing but bytes. */
async function findWhole(media: MediaStore, key: MediaKey): Promise<FoundPicture | undefined> {
  const whole = await media.read(key)
  return (
    whole &&
    answering({
      bytes: whole.length,
      etag: `"${encodeURIComponent(key)}"`,
      head: whole,
      read: async (part) => (part ? whole.subarray(part.start, part.end + 1) : whole)
    })
  )
}

/** Aborted where the client goes away before its answer is complete. */
function whileWaiting({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController()
  raw.once('close', () => {
    if (!raw.writableFinished) gone.abort()
  })
  return gone.signal
}

/** Answers as files are answered: with validators, by conditions, in parts. */
function answering(source: Source): FoundPicture {
  return {
    head: source.head,
    async send(request, reply) {
      const { bytes, etag, modifiedAt } = source
      const outcome = judge(request.headers, source)
      if (outcome === 412) throw errors.refused(412, 'Precondition Failed')
      reply.headers({
        'cache-control': 'public, max-age=31536000, immutable',
        etag,
        'accept-ranges': 'bytes'
      })
      if (modifiedAt !== undefined) reply.header('last-modified', new Date(modifiedAt).toUTCString())
      if (outcome === 304) return reply.code(304).send()
      if (request.method === 'HEAD') return reply.header('content-length', bytes).send(Readable.from([]))
      const part = partOf(request.headers, source, bytes)
      if (part === null)
        throw errors.refused(416, 'Range Not Satisfiable', { 'content-range': `bytes */${bytes}` })
      const body = await source.read(part)
      if (!body) throw errors.notFound()
      if (part) reply.code(206).header('content-range', `bytes ${part.start}-${part.end}/${bytes}`)
      return reply.header('content-length', part ? part.end - part.start + 1 : bytes).send(body)
    }
  }
}

/** Sends clients to where the store says that it is, if it does; and answers what has no body. */
const redirecting =
  ({ locate }: MediaStore, key: MediaKey, { type: storedType }: OpenedFile, { head, send }: FoundPicture) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    // A signed URL is one for GET.
    const isRead = request.method === 'GET'
    const location = isRead ? await locate?.(key, { type: mediaType(head), storedType }) : undefined
    if (!location) return send(request, reply)
    for (const name of ['content-type', 'content-disposition']) reply.removeHeader(name)
    const caching = `public, max-age=${location.maxAgeSeconds}`
    return reply.header('cache-control', caching).redirect(location.url, 302)
  }
