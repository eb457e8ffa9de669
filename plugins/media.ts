import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

export interface MediaOptions {
  /** The folder of pictures; an absolute path. */
  folder: string
  /** The URL path that pictures have in front of their names, with slashes at both ends. */
  urlPrefix: string
}

/** Pictures come from strangers: whatever a browser is made to take one for, it runs nothing. */
const SAFE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'cross-origin'
}

/** Serves pictures. A name is random and its bytes never change, so they may be cached for ever. */
export default async function media(
  app: FastifyInstance,
  { folder, urlPrefix }: MediaOptions
): Promise<void> {
  await app.register(fastifyStatic, {
    root: folder,
    prefix: urlPrefix,
    decorateReply: false,
    index: false,
    list: false,
    redirect: false,
    dotfiles: 'ignore',
    immutable: true,
    maxAge: '1y',
    setHeaders: (reply) => {
      reply.headers(SAFE_HEADERS)
    }
  })
}
