import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { errors } from '../src/errors.ts'
import type { RouteOptions } from './route-options.ts'
import { CurrentPassword, Identifier } from './schemas/fields.ts'
import { publicResponses, TokenPairResponse } from './schemas/responses.ts'

const TokenBody = Type.Object({
  username: Identifier,
  password: CurrentPassword
})

/** `POST /token/`: a pair of tokens by username (or email) and password. */
const tokenObtain: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { accounts }) => {
  app.post('/token/', {
    onRequest: app.limitRate(30),
    schema: { body: TokenBody, response: { 200: TokenPairResponse, ...publicResponses } },
    preValidation: app.readForm(),
    handler: async ({ body: { username: identifier, password }, ip }) => {
      const signedIn = await accounts.signIn({ identifier, password, prefer: 'username', address: ip })
      if (!signedIn) throw errors.noActiveAccount()
      return { refresh: signedIn.refresh, access: signedIn.access }
    }
  })
}

export default tokenObtain
