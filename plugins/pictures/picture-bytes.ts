import type { FastifyReply, FastifyRequest } from 'fastify'
import type { MediaKey, MediaStore } from '../../src/avatars/media-store.ts'
import { namesTag } from './if-none-match.ts'

/** A stored picture that may be sent. */
export interface FoundPicture {
  /** The first bytes of it, by which its type is known. */
  head: Buffer
  /** Sends it with its caching; type and other headers are set already. */
  send(request: FastifyRequest, reply: FastifyReply): FastifyReply
}

export type FindPicture = (key: MediaKey) => Promise<FoundPicture | undefined>

/** Pictures of a store that keeps them elsewhere than in files here. They were fitted into a small square, so whole. */
export function openPictures(media: MediaStore): FindPicture {
  return async (key) => {
    const bytes = await media.read(key)
    if (!bytes) return undefined
    return {
      head: bytes,
      send(request, reply) {
        const etag = `"${encodeURIComponent(key)}"`
        reply.headers({ 'cache-control': 'public, max-age=31536000, immutable', etag })
        return namesTag(request.headers['if-none-match'], etag) ? reply.code(304).send() : reply.send(bytes)
      }
    }
  }
}
