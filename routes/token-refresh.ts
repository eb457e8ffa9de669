import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { AccountRouteOptions } from './route-options.ts'
import { Text } from './schemas/fields.ts'
import { operation } from './schemas/operation.ts'
import { RefreshedResponse, tokenResponses } from './schemas/responses.ts'

const RefreshBody = Type.Object({ refresh: Text({}) })

/** `POST /token/refresh/`: a new pair for a refresh token, which is used up; where they don't rotate, an access token alone. */
const tokenRefresh: FastifyPluginAsyncTypebox<AccountRouteOptions> = async (
  app,
  { sessions, limitRate, readForm }
) => {
  app.post('/token/refresh/', {
    onRequest: limitRate('token'),
    schema: operation(
      {
        operationId: 'refreshToken',
        summary: 'A new access token for a refresh token',
        description:
          'Where refresh tokens rotate, the one that was sent is used up and the answer brings the next one. For a short grace it may be used again, because tabs of one browser do that; used again later it ends its whole session.',
        tags: ['Tokens']
      },
      { body: RefreshBody, response: { 200: RefreshedResponse, ...tokenResponses } }
    ),
    preValidation: readForm(),
    handler: ({ body }) => sessions.refresh(body.refresh)
  })
}

export default tokenRefresh
