import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { errors, isUnauthenticated } from '../src/errors.ts'
import type { AccountRouteOptions } from './route-options.ts'
import { requireSameOrigin, SameOriginHeaders } from './same-origin.ts'
import { operation } from './schemas/operation.ts'
import { keptSessionResponses } from './schemas/responses.ts'

type Options = Pick<
  AccountRouteOptions,
  'keptSessions' | 'sessionCookie' | 'present' | 'responses' | 'limitRate'
>

/** `POST /session/` (any body, unread): an access token by the cookie, and whose it is. */
const sessionResume: FastifyPluginAsyncTypebox<Options> = async (
  app,
  { keptSessions, sessionCookie, present, responses, limitRate }
) => {
  app.post('/session/', {
    onRequest: [requireSameOrigin, limitRate('token')],
    schema: operation(
      {
        operationId: 'resumeSession',
        summary: 'A new access token by the cookie, and whose it is',
        description:
          'For pages of the same origin, at their start and when their access token has expired. Rotates as a refresh does, and sets the next cookie. A cookie that is not good any more is removed; so is one of two, because nobody can tell which of them another site has set. A body is ignored.',
        tags: ['Tokens']
      },
      { headers: SameOriginHeaders, response: { 200: responses.keptSession, ...keptSessionResponses } }
    ),
    handler: async (request, reply) => {
      const [token, ...others] = sessionCookie.read(request)
      if (token === undefined) throw errors.notAuthenticated()
      try {
        if (others.length > 0) throw errors.notAuthenticated()
        const kept = await keptSessions.resume(token)
        sessionCookie.set(request, reply, kept.refresh)
        return { access: kept.access, user: present.user(kept.user) }
      } catch (error) {
        if (isUnauthenticated(error)) sessionCookie.clear(request, reply)
        throw error
      }
    }
  })
}

export default sessionResume
