import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { parseUserId } from '../../src/users/user.ts'
import { SessionList, targetResponses } from '../schemas/admin.ts'
import { bearerOperation } from '../schemas/operation.ts'
import { Detail } from '../schemas/responses.ts'
import { isKnownUser } from '../user-tags.ts'
import { type AdminRouteOptions, forAdministrators, TargetParams } from './admin-options.ts'

/** `GET /admin/users/{id}/` and `…/sessions/`: one user, and where they are signed in. */
const userRead: FastifyPluginAsyncTypebox<AdminRouteOptions> = async (app, options) => {
  const { overview, present, responses } = options
  const onRequest = forAdministrators(options)

  app.get('/admin/users/:id/', {
    schema: bearerOperation(
      {
        operationId: 'getUser',
        summary: 'Anybody’s profile',
        description: 'As its owner sees it.',
        tags: ['Administration'],
        userTag: 'If-None-Match'
      },
      {
        params: TargetParams,
        response: { ...targetResponses, 200: responses.user, 304: Type.Null(), 412: Detail }
      }
    ),
    onRequest,
    handler: async (request, reply) => {
      const user = await overview.getUser(parseUserId(request.params.id))
      return isKnownUser(request, reply, user) ? reply.code(304).send(null) : present.user(user)
    }
  })

  app.get('/admin/users/:id/sessions/', {
    schema: bearerOperation(
      {
        operationId: 'listSessions',
        summary: 'Anybody’s sessions',
        description:
          'Those that go on first, then by their end, a hundred at most. Sessions that have expired are forgotten within an hour.',
        tags: ['Administration']
      },
      { params: TargetParams, response: { 200: SessionList, ...targetResponses } }
    ),
    onRequest,
    handler: async ({ params: { id } }) => {
      const sessions = await overview.sessionsOf(parseUserId(id))
      return {
        results: sessions.map((session) => ({
          id: session.id,
          started_at: present.timeOrNull(session.startedAt),
          last_used_at: present.timeOrNull(session.lastUsedAt),
          expires_at: present.time(session.expiresAt),
          ended_at: present.timeOrNull(session.endedAt)
        }))
      }
    }
  })
}

export default userRead
