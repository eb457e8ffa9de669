import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { errors } from '../src/errors.ts'
import { parseUserId } from '../src/users/user.ts'
import { avatarPath, readSize, SizeParameter } from './avatar-url.ts'
import { redirectToAvatar } from './redirect-to-avatar.ts'
import type { LookupOptions } from './route-options.ts'
import { operation } from './schemas/operation.ts'
import { lookupResponses } from './schemas/responses.ts'

const ID = { description: "Any user's id.", minimum: 1, examples: [42] }
const LookupParams = Type.Object({ id: Type.String({ documentedAs: Type.Integer(ID) }) })
const LookupQuery = Type.Object({
  // Any type, which `readSize` judges: a parameter that comes twice is a list.
  size: Type.Optional(Type.Unknown({ documentedAs: SizeParameter }))
})

/** `GET /avatars/{id}/?size=…`: anybody's avatar, for pages that know a user's id; redirects to the picture. */
const avatarById: FastifyPluginAsyncTypebox<LookupOptions> = async (app, { lookup, paths, limitRate }) => {
  app.get('/avatars/:id/', {
    schema: operation(
      {
        operationId: 'getAvatarById',
        summary: 'Anybody’s picture, by the user’s id',
        description:
          'Redirects to the smallest square that is not smaller than asked for, or without a size to the picture; of a user without one, to a drawing of the initials.',
        tags: ['Pictures']
      },
      { params: LookupParams, querystring: LookupQuery, response: lookupResponses }
    ),
    onRequest: limitRate('avatar'),
    handler: async ({ params, query }, reply) => {
      const size = readSize(query, 'size')
      const id = parseUserId(params.id)
      const shown = id === undefined ? undefined : await lookup.byId(id)
      if (!shown) throw errors.notFound()
      return redirectToAvatar(reply, avatarPath(shown, size, paths))
    }
  })
}

export default avatarById
