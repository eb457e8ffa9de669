import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { currentUser } from './own-account.ts'
import type { RouteOptions } from './route-options.ts'
import { bearerResponses, Detail, EmptyResponse } from './schemas/responses.ts'

/** `POST /sign-out-everywhere/` (any body, unread): every token of the user is dead afterwards, the one sent too. */
const signOutEverywhere: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { ownAccess }) => {
  app.post('/sign-out-everywhere/', {
    schema: { response: { 200: EmptyResponse, ...bearerResponses, 429: Detail } },
    onRequest: [app.limitRate(30), app.authenticate],
    handler: async (request) => {
      await ownAccess.signOutEverywhere(currentUser(request))
      return {}
    }
  })
}

export default signOutEverywhere
