import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { rememberedVersion } from '../src/users/user-version.ts'
import { currentUser, IdParams, requireOwnAccount } from './own-account.ts'
import type { RouteOptions } from './route-options.ts'
import { bearerOperation } from './schemas/operation.ts'
import { bearerResponses, Detail, ownAccountResponses } from './schemas/responses.ts'
import { isKnownUser, tagUser } from './user-tags.ts'

/** `GET` and `POST /profile/` (any body, unread), and `GET /profile/{id}/`: one's own profile. */
const profileRead: FastifyPluginAsyncTypebox<RouteOptions> = async (
  app,
  { profiles, present, limitRate, authenticate, limitUser, responses }
) => {
  const whoever = [limitRate('read'), authenticate, limitUser('read')]
  const conditional = { 200: responses.user, 304: Type.Null(), 412: Detail, 429: Detail }
  const answer = (request: FastifyRequest, reply: FastifyReply) => {
    const user = currentUser(request)
    return isKnownUser(request, reply, user) ? reply.code(304).send() : present.user(user)
  }

  app.get('/profile/', {
    schema: bearerOperation(
      {
        operationId: 'getProfile',
        summary: 'One’s own profile',
        description: 'Whose it is, the token says.',
        tags: ['Profile'],
        userTag: 'If-None-Match'
      },
      { response: { ...bearerResponses, ...conditional } }
    ),
    onRequest: whoever,
    handler: async (request, reply) => answer(request, reply)
  })

  app.post('/profile/', {
    schema: bearerOperation(
      {
        operationId: 'postProfile',
        summary: 'One’s own profile',
        description: 'As GET; a body is ignored, and so are conditions.',
        tags: ['Profile'],
        userTag: 'unconditional'
      },
      { response: { 200: responses.user, ...bearerResponses, 429: Detail } }
    ),
    onRequest: whoever,
    handler: async (request, reply) => {
      const user = currentUser(request)
      tagUser(reply, rememberedVersion(user))
      return present.user(user)
    }
  })

  app.get('/profile/:id/', {
    schema: bearerOperation(
      {
        operationId: 'getProfileById',
        summary: 'One’s own profile, by id',
        description: 'Nobody else’s can be read.',
        tags: ['Profile'],
        userTag: 'If-None-Match'
      },
      { params: IdParams, response: { ...ownAccountResponses, ...conditional } }
    ),
    onRequest: [...whoever, requireOwnAccount(profiles)],
    handler: async (request, reply) => answer(request, reply)
  })
}

export default profileRead
