import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { AccountRouteOptions } from './route-options.ts'
import { Text } from './schemas/fields.ts'
import { operation } from './schemas/operation.ts'
import { EmptyResponse, tokenResponses } from './schemas/responses.ts'

const BlacklistBody = Type.Object({ refresh: Text({}) })

/** `POST /token/blacklist/`: ends the session of a refresh token. */
const tokenBlacklist: FastifyPluginAsyncTypebox<AccountRouteOptions> = async (
  app,
  { sessions, limitRate, readForm }
) => {
  app.post('/token/blacklist/', {
    onRequest: limitRate('token'),
    schema: operation(
      {
        operationId: 'blacklistToken',
        summary: 'End the session of a refresh token',
        description:
          'Signs out. Access tokens of the session live on until they expire; to end all at once, sign out everywhere.',
        tags: ['Tokens']
      },
      { body: BlacklistBody, response: { 200: EmptyResponse, ...tokenResponses } }
    ),
    preValidation: readForm(),
    handler: async ({ body }) => {
      await sessions.end(body.refresh)
      return {}
    }
  })
}

export default tokenBlacklist
