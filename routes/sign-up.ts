import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import type { Static } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { errors } from '../src/errors.ts'
import type { SignUpDraft } from '../src/users/accounts.ts'
import { InvalidBodyError } from '../src/validation/body-validator.ts'
import { publicAnswers, SignedInAnswer } from './schemas/answers.ts'
import { Email, FirstName, LastName, NewPassword, NumberPhone, Username } from './schemas/fields.ts'
import { readTexts } from './schemas/texts.ts'
import type { RouteOptions } from './services.ts'

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
    config: app.limitRate(20),
    schema: { body: SignUpBody, response: { 201: SignedInAnswer, ...publicAnswers } },
    onRequest: async () => {
      if (!signUpOpen) throw errors.signUpClosed()
    },
    preValidation: app.readForm(),
    attachValidation: true,
    handler: async (request, reply) => {
      reply.code(201)
      return present.signedIn(await accounts.signUp(draftOf(request)))
    }
  })
}

export default signUp

function draftOf({
  body,
  validationError
}: FastifyRequest<{ Body: Static<typeof SignUpBody> }>): SignUpDraft {
  if (!validationError) return { texts: { ...readTexts(body), password: body.password }, invalid: {} }
  if (!(validationError instanceof InvalidBodyError)) throw validationError
  const valid: Partial<Static<typeof SignUpBody>> = validationError.valid
  const password = valid.password === undefined ? {} : { password: valid.password }
  return { texts: { ...readTexts(valid), ...password }, invalid: validationError.fields }
}
