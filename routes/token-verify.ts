import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { AccountRouteOptions } from './route-options.ts'
import { Text } from './schemas/fields.ts'
import { operation } from './schemas/operation.ts'
import { EmptyResponse, tokenResponses } from './schemas/responses.ts'

const VerifyBody = Type.Object({ token: Text({}) })

/** `POST /token/verify/`: whether a token, of either kind, is good. */
const tokenVerify: FastifyPluginAsyncTypebox<AccountRouteOptions> = async (
  app,
  { sessions, limitRate, readForm }
) => {
  app.post('/token/verify/', {
    onRequest: limitRate('token'),
    schema: operation(
      {
        operationId: 'verifyToken',
        summary: 'Whether a token is good',
        description: 'Of either kind: access or refresh.',
        tags: ['Tokens']
      },
      { body: VerifyBody, response: { 200: EmptyResponse, ...tokenResponses } }
    ),
    preValidation: readForm(),
    handler: async ({ body }) => {
      await sessions.verify(body.token)
      return {}
    }
  })
}

export default tokenVerify
