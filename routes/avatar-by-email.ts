import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { NOBODY } from '../src/avatars/avatar-lookup.ts'
import { errors } from '../src/errors.ts'
import { avatarPath, readSize, SizeParameter } from './avatar-url.ts'
import { redirectToAvatar } from './redirect-to-avatar.ts'
import type { LookupOptions } from './route-options.ts'
import { operation } from './schemas/operation.ts'
import { lookupResponses } from './schemas/responses.ts'

const HASH_OF = {
  description: 'SHA-256 of the email in lower case, as 64 hexadecimal digits.',
  pattern: '^[0-9a-fA-F]{64}$'
}
const Instead = Type.String({ description: '`404`: no placeholder. Anything else: a placeholder.' })

const HashParams = Type.Object({
  hash: Type.String({ documentedAs: Type.String(HASH_OF) })
})
const HashQuery = Type.Object({
  s: Type.Optional(Type.Unknown({ documentedAs: SizeParameter })),
  size: Type.Optional(Type.Unknown({ documentedAs: SizeParameter })),
  d: Type.Optional(Type.Unknown({ documentedAs: Instead })),
  default: Type.Optional(Type.Unknown({ documentedAs: Instead }))
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
    schema: operation(
      {
        operationId: 'getAvatarByEmailHash',
        summary: 'Anybody’s picture, by the hash of the email',
        description: 'As Libravatar has it. Redirects to a picture, or to a drawing.',
        tags: ['Pictures']
      },
      { params: HashParams, querystring: HashQuery, response: lookupResponses }
    ),
    onRequest: limitRate('avatar'),
    handler: async ({ params: { hash }, query }, reply) => {
      const size = readSize(query, 's', 'size') ?? DEFAULT_SIZE
      const shown = HASH.test(hash) ? await lookup.byEmailHash(hash.toLowerCase()) : undefined
      if (!shown?.picture && (query.d ?? query.default) === '404') throw errors.notFound()
      return redirectToAvatar(reply, avatarPath(shown ?? NOBODY, size, paths))
    }
  })
}

export default avatarByEmail
