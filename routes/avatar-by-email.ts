import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { NOBODY } from '../src/avatars/avatar-lookup.ts'
import { errors } from '../src/errors.ts'
import { avatarPath, readSize } from './avatar-url.ts'
import { redirectToAvatar } from './redirect-to-avatar.ts'
import type { LookupOptions } from './route-options.ts'
import { lookupResponses } from './schemas/responses.ts'

const HashParams = Type.Object({
  hash: Type.String({ description: 'SHA-256 of the email in lower case, as 64 hexadecimal digits.' })
})
const HashQuery = Type.Object({
  s: Type.Optional(Type.Unknown({ description: 'Pixels a side, 1 to 2048.' })),
  size: Type.Optional(Type.Unknown({ description: 'The same.' })),
  d: Type.Optional(Type.Unknown({ description: '`404`: no placeholder. Anything else: a placeholder.' })),
  default: Type.Optional(Type.Unknown({ description: 'The same.' }))
})

const HASH = /^[0-9a-f]{64}$/i
/** What Libravatar's clients get where they say nothing. */
const DEFAULT_SIZE = 80

/**
 * `GET /avatar/{hash}?s=…&d=…`, as Libravatar has it (its API, version 1): an avatar by the hash of an email, or a placeholder.
 * A default elsewhere is not redirected to: anybody could make such a link to anywhere.
 */
const avatarByEmail: FastifyPluginAsyncTypebox<LookupOptions> = async (app, { lookup, paths, limitRate }) => {
  app.get('/avatar/:hash', {
    schema: { params: HashParams, querystring: HashQuery, response: lookupResponses },
    onRequest: limitRate(600),
    handler: async ({ params: { hash }, query }, reply) => {
      const size = readSize(query, 's', 'size') ?? DEFAULT_SIZE
      const shown = HASH.test(hash) ? await lookup.byEmailHash(hash.toLowerCase()) : undefined
      if (!shown?.picture && (query.d ?? query.default) === '404') throw errors.notFound()
      return redirectToAvatar(reply, avatarPath(shown ?? NOBODY, size, paths))
    }
  })
}

export default avatarByEmail
