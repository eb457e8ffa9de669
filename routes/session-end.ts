import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { AccountRouteOptions } from './route-options.ts'
import { requireSameOrigin, SameOriginHeaders } from './same-origin.ts'
import { operation } from './schemas/operation.ts'
import { Detail, everywhere, Failure } from './schemas/responses.ts'

/** `DELETE /session/` (any body, unread): signs the browser out, also where it is already. */
const sessionEnd: FastifyPluginAsyncTypebox<
  Pick<AccountRouteOptions, 'keptSessions' | 'sessionCookie' | 'limitRate'>
> = async (app, { keptSessions, sessionCookie, limitRate }) => {
  app.delete('/session/', {
    onRequest: [requireSameOrigin, limitRate('token')],
    schema: operation(
      {
        operationId: 'endSession',
        summary: 'End the session in the cookie',
        description:
          'Signs this browser out, and removes the cookie; answers the same where nobody is signed in. Access tokens of the session live on until they expire. A body is ignored.',
        tags: ['Tokens']
      },
      {
        headers: SameOriginHeaders,
        response: { 204: Type.Null(), ...everywhere, 403: Failure, 429: Detail }
      }
    ),
    handler: async (request, reply) => {
      for (const token of sessionCookie.read(request)) await keptSessions.end(token)
      sessionCookie.clear(request, reply)
      return reply.code(204).send(null)
    }
  })
}

export default sessionEnd
