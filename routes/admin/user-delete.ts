import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { parseUserId } from '../../src/users/user.ts'
import { ownActResponses } from '../schemas/admin.ts'
import { bearerOperation } from '../schemas/operation.ts'
import { type AdminRouteOptions, actorOf, forAdministrators, TargetParams } from './admin-options.ts'

/** `DELETE /admin/users/{id}/`: an account, with its sessions and its picture. */
const userDelete: FastifyPluginAsyncTypebox<AdminRouteOptions> = async (app, options) => {
  const { administration } = options
  app.delete('/admin/users/:id/', {
    schema: bearerOperation(
      {
        operationId: 'deleteUser',
        summary: 'Delete somebody’s account',
        description:
          'With its sessions and its picture; the audit log forgets what was changed of it. The id is never given to anybody again. Not upon oneself.',
        tags: ['Administration']
      },
      { params: TargetParams, response: { 204: Type.Null(), ...ownActResponses } }
    ),
    onRequest: forAdministrators(options),
    handler: async (request, reply) => {
      await administration.delete(actorOf(request), parseUserId(request.params.id))
      return reply.code(204).send(null)
    }
  })
}

export default userDelete
