import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { errors } from '../src/errors.ts'
import { parseUserId } from '../src/users/user.ts'
import { avatarPath, readSize } from './avatar-url.ts'
import { redirectToAvatar } from './redirect-to-avatar.ts'
import type { LookupOptions } from './route-options.ts'
import { lookupResponses } from './schemas/responses.ts'

const LookupParams = Type.Object({ id: Type.String({ description: "Any user's id." }) })
const LookupQuery = Type.Object({
  // Any type, which `readSize` judges: a parameter that comes twice is a list.
  size: Type.Optional(Type.Unknown({ description: 'Pixels a side, 1 to 2048.', examples: ['64'] }))
})

/** `GET /avatars/{id}/?size=…`: anybody's avatar, for pages that know a user's id; redirects to the picture. */
const avatarById: FastifyPluginAsyncTypebox<LookupOptions> = async (app, { lookup, paths, limitRate }) => {
  app.get('/avatars/:id/', {
    schema: { params: LookupParams, querystring: LookupQuery, response: lookupResponses },
    onRequest: limitRate(600),
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
