import type { FastifyReply, FastifyRequest } from 'fastify'
import type { MediaKey } from '../../src/avatars/media-store.ts'

/** A stored picture that may be sent. */
export interface FoundPicture {
  /** The first bytes of it, by which its type is known. */
  head: Buffer
  /** Sends it with its caching; type and other headers are set already. */
  send(request: FastifyRequest, reply: FastifyReply): FastifyReply | Promise<FastifyReply>
}

/** Looks for a picture for a request that is to be answered with it. */
export type FindPicture = (
  key: MediaKey,
  request: FastifyRequest,
  reply: FastifyReply
) => Promise<FoundPicture | undefined>
