import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { AccountRouteOptions } from './route-options.ts'
import { requireSameOrigin, SameOriginHeaders } from './same-origin.ts'
import { Text } from './schemas/fields.ts'
import { operation } from './schemas/operation.ts'
import { keptSessionResponses } from './schemas/responses.ts'

const KeepBody = Type.Object({ refresh: Text({}) })

/** `PUT /session/`: a refresh token goes into the browser's cookie, out of the page's reach. */
const sessionKeep: FastifyPluginAsyncTypebox<AccountRouteOptions> = async (
  app,
  { keptSessions, sessionCookie, present, responses, limitRate, readForm }
) => {
  app.put('/session/', {
    onRequest: [requireSameOrigin, limitRate('token')],
    schema: operation(
      {
        operationId: 'keepSession',
        summary: 'Keep a session in a cookie',
        description:
          'For pages of the same origin, right after a sign-in. The refresh token that was sent is used up, and the next one is set as a cookie that no script can read; where they don’t rotate, the one that was sent is. The session that the browser had in it before ends.',
        tags: ['Tokens']
      },
      {
        headers: SameOriginHeaders,
        body: KeepBody,
        response: { 200: responses.keptSession, ...keptSessionResponses }
      }
    ),
    preValidation: readForm(),
    handler: async (request, reply) => {
      const kept = await keptSessions.keep(request.body.refresh, sessionCookie.read(request))
      sessionCookie.set(request, reply, kept.refresh)
      return { access: kept.access, user: present.user(kept.user) }
    }
  })
}

export default sessionKeep
