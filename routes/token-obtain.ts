import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { errors } from '../src/errors.ts'
import type { AccountRouteOptions } from './route-options.ts'
import { CurrentPassword, Identifier } from './schemas/fields.ts'
import { operation } from './schemas/operation.ts'
import { TokenPairResponse, tokenResponses } from './schemas/responses.ts'

const TokenBody = Type.Object({
  username: Identifier,
  password: CurrentPassword
})

/** `POST /token/`: a pair of tokens by username (or email) and password. */
const tokenObtain: FastifyPluginAsyncTypebox<AccountRouteOptions> = async (
  app,
  { accounts, limitRate, readForm }
) => {
  app.post('/token/', {
    onRequest: limitRate('signIn'),
    schema: operation(
      {
        operationId: 'obtainToken',
        summary: 'A pair of tokens by username (or email) and password',
        description:
          'Starts a session, as SimpleJWT’s endpoint of this name does. Limits are those of a sign-in.',
        tags: ['Tokens']
      },
      { body: TokenBody, response: { 200: TokenPairResponse, ...tokenResponses } }
    ),
    preValidation: readForm(),
    handler: async ({ body: { username: identifier, password }, ip }) => {
      const signedIn = await accounts.signIn({ identifier, password, prefer: 'username', address: ip })
      if (!signedIn) throw errors.noActiveAccount()
      return { refresh: signedIn.refresh, access: signedIn.access }
    }
  })
}

export default tokenObtain
