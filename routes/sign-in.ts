import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import { errors } from '../src/errors.ts'
import { publicAnswers, SignedInAnswer } from './schemas/answers.ts'
import { GivenPassword, Text } from './schemas/fields.ts'
import type { RouteOptions } from './services.ts'

const SignInBody = Type.Object({
  email: Type.Optional(Text({ description: 'An email, or a username.' })),
  username: Type.Optional(Text({ description: 'A username, where no email is given.' })),
  password: GivenPassword
})

/** `POST /sign-in/`: by email (or username) and password. */
const signIn: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { accounts, present }) => {
  app.post('/sign-in/', {
    config: app.limitRate(30),
    schema: { body: SignInBody, response: { 200: SignedInAnswer, ...publicAnswers } },
    preValidation: app.readForm(),
    handler: async ({ body: { email, username, password } }) => {
      const identifier = email ?? username
      if (identifier === undefined) throw errors.invalidFields({ email: ['This field is required.'] })
      const prefer = email === undefined ? 'username' : 'email'
      const signedIn = await accounts.signIn(identifier, password, prefer)
      if (!signedIn) throw errors.invalidCredentials()
      return present.signedIn(signedIn)
    }
  })
}

export default signIn
