import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { errors } from '../src/errors.ts'
import { judgedBody } from './judged-body.ts'
import type { AccountRouteOptions } from './route-options.ts'
import { Failure, publicResponses, SignedInResponse } from './schemas/responses.ts'
import { readSignUp, SignUpBody } from './schemas/sign-up-body.ts'

/** `POST /sign-up/`: a new account, signed in. */
const signUp: FastifyPluginAsyncTypebox<AccountRouteOptions> = async (
  app,
  { accounts, present, signUpOpen, limitRate, readForm }
) => {
  app.post('/sign-up/', {
    schema: { body: SignUpBody, response: { 201: SignedInResponse, ...publicResponses, 403: Failure } },
    onRequest: [
      limitRate(20),
      async () => {
        if (!signUpOpen) throw errors.signUpClosed()
      }
    ],
    preValidation: readForm(),
    attachValidation: true,
    handler: async (request, reply) => {
      const signedIn = await accounts.signUp(readSignUp(judgedBody(request)))
      reply.code(201)
      return present.signedIn(signedIn)
    }
  })
}

export default signUp
