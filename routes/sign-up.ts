import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { errors } from '../src/errors.ts'
import { judgedBody } from './judged-body.ts'
import type { RouteOptions } from './route-options.ts'
import { Email, FirstName, LastName, NewPassword, NumberPhone, Username } from './schemas/fields.ts'
import { Failure, publicResponses, SignedInResponse } from './schemas/responses.ts'
import { readTexts } from './schemas/texts.ts'

const SignUpBody = Type.Object({
  username: Username,
  email: Email,
  password: NewPassword,
  first_name: Type.Optional(FirstName),
  last_name: Type.Optional(LastName),
  number_phone: Type.Optional(NumberPhone)
})

/** `POST /sign-up/`: a new account, signed in. */
const signUp: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { accounts, present, signUpOpen }) => {
  app.post('/sign-up/', {
    schema: { body: SignUpBody, response: { 201: SignedInResponse, ...publicResponses, 403: Failure } },
    onRequest: [
      app.limitRate(20),
      async () => {
        if (!signUpOpen) throw errors.signUpClosed()
      }
    ],
    preValidation: app.readForm(),
    attachValidation: true,
    handler: async (request, reply) => {
      const { valid, invalid } = judgedBody(request)
      const password = valid.password === undefined ? {} : { password: valid.password }
      reply.code(201)
      return present.signedIn(await accounts.signUp({ texts: { ...readTexts(valid), ...password }, invalid }))
    }
  })
}

export default signUp
