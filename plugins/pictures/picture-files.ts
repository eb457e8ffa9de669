import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { SIGNATURE_BYTES } from '../../src/pictures/picture-format.ts'
import { readHead } from '../../src/stores/disk/read-head.ts'
import type { FindPicture } from './found-picture.ts'

/** Pictures that are files: sent from their folder by @fastify/static, with ranges and validators. */
export async function openPictureFiles(app: FastifyInstance, folder: string): Promise<FindPicture> {
  await app.register(fastifyStatic, {
    root: folder,
    // The plugin's own route would read the whole folder for each request, to compare spellings.
    serve: false,
    contentType: false,
    dotfiles: 'ignore',
    immutable: true,
    maxAge: '1y'
  })
  return async (key) => {
    const head = await readHead(join(folder, key), SIGNATURE_BYTES)
    return head && { head, send: (_request, reply) => reply.sendFile(key) }
  }
}
