import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { currentUser, IdParams, requireOwnAccount } from './own-account.ts'
import type { RouteOptions } from './route-options.ts'
import { bearerResponses, ownAccountResponses } from './schemas/responses.ts'

/** `GET` and `POST /profile/` (any body, unread), and `GET /profile/{id}/`: one's own profile. */
const profileRead: FastifyPluginAsyncTypebox<RouteOptions> = async (
  app,
  { profiles, present, authenticate, responses }
) => {
  app.route({
    method: ['GET', 'POST'],
    url: '/profile/',
    schema: { response: { 200: responses.user, ...bearerResponses } },
    onRequest: authenticate,
    handler: async (request) => present.user(currentUser(request))
  })

  app.get('/profile/:id/', {
    schema: { params: IdParams, response: { 200: responses.user, ...ownAccountResponses } },
    onRequest: [authenticate, requireOwnAccount(profiles)],
    handler: async (request) => present.user(currentUser(request))
  })
}

export default profileRead
