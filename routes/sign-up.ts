import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { errors } from '../src/errors.ts'
import { judgedBody } from './judged-body.ts'
import type { AccountRouteOptions } from './route-options.ts'
import { operation } from './schemas/operation.ts'
import { readExtra, withFields } from './schemas/profile-fields.ts'
import { Failure, publicResponses } from './schemas/responses.ts'
import { readSignUp, SignUpBody } from './schemas/sign-up-body.ts'

/** `POST /sign-up/`: a new account, signed in. */
const signUp: FastifyPluginAsyncTypebox<AccountRouteOptions> = async (
  app,
  { accounts, present, signUpOpen, limitRate, readForm, fields, responses }
) => {
  app.post('/sign-up/', {
    schema: operation(
      {
        operationId: 'signUp',
        summary: 'Make an account',
        description:
          'Makes an account and signs it in. Usernames and emails are unique whatever their letter case and width; passwords are judged by Django’s validators. Every invalid field is reported at once.',
        tags: ['Accounts']
      },
      {
        body: withFields(SignUpBody, fields, { partial: false }),
        response: { 201: responses.signedIn, ...publicResponses, 403: Failure }
      }
    ),
    onRequest: [
      limitRate('signUp'),
      async () => {
        if (!signUpOpen) throw errors.signUpClosed()
      }
    ],
    preValidation: readForm(),
    attachValidation: true,
    handler: async (request, reply) => {
      const judged = judgedBody(request)
      const extra = readExtra(fields, judged.valid)
      const signedIn = await accounts.signUp({ ...readSignUp(judged), extra })
      reply.code(201)
      return present.signedIn(signedIn)
    }
  })
}

export default signUp
