import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { currentUser, IdParams, requireOwnAccount } from './own-account.ts'
import type { RouteOptions } from './route-options.ts'
import { bearerOperation } from './schemas/operation.ts'
import { bearerResponses, Detail, ownAccountResponses } from './schemas/responses.ts'

/** `GET` and `POST /profile/` (any body, unread), and `GET /profile/{id}/`: one's own profile. */
const profileRead: FastifyPluginAsyncTypebox<RouteOptions> = async (
  app,
  { profiles, present, limitRate, authenticate, limitUser, responses }
) => {
  const whoever = [limitRate('read'), authenticate, limitUser('read')]
  for (const [method, operationId, description] of [
    ['GET', 'getProfile', 'Whose it is, the token says.'],
    ['POST', 'postProfile', 'As GET; a body is ignored.']
  ] as const) {
    app.route({
      method,
      url: '/profile/',
      schema: bearerOperation(
        {
          operationId,
          summary: 'One’s own profile',
          description,
          tags: ['Profile']
        },
        { response: { 200: responses.user, ...bearerResponses, 429: Detail } }
      ),
      onRequest: whoever,
      handler: async (request) => present.user(currentUser(request))
    })
  }

  app.get('/profile/:id/', {
    schema: bearerOperation(
      {
        operationId: 'getProfileById',
        summary: 'One’s own profile, by id',
        description: 'Nobody else’s can be read.',
        tags: ['Profile']
      },
      { params: IdParams, response: { 200: responses.user, ...ownAccountResponses, 429: Detail } }
    ),
    onRequest: [...whoever, requireOwnAccount(profiles)],
    handler: async (request) => present.user(currentUser(request))
  })
}

export default profileRead
