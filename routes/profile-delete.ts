import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { currentUser, IdParams, requireOwnAccount } from './own-account.ts'
import type { RouteOptions } from './route-options.ts'
import { bearerOperation } from './schemas/operation.ts'
import { Detail, ownAccountResponses } from './schemas/responses.ts'

/** `DELETE /profile/{id}/delete/`: one's own account, with its sessions and its picture. */
const profileDelete: FastifyPluginAsyncTypebox<RouteOptions> = async (
  app,
  { profiles, limitRate, authenticate, limitUser }
) => {
  app.delete('/profile/:id/delete/', {
    schema: bearerOperation(
      {
        operationId: 'deleteAccount',
        summary: 'Delete one’s own account',
        description: 'With its sessions and its picture. The id is never given to anybody again.',
        tags: ['Accounts']
      },
      { params: IdParams, response: { 204: Type.Null(), ...ownAccountResponses, 429: Detail } }
    ),
    onRequest: [limitRate('update'), authenticate, limitUser('update'), requireOwnAccount(profiles)],
    handler: async (request, reply) => {
      await profiles.delete(currentUser(request))
      return reply.code(204).send(null)
    }
  })
}

export default profileDelete
