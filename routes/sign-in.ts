import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import { errors } from '../src/errors.ts'
import { publicAnswers, SignedInAnswer } from './schemas/answers.ts'
import { GivenPassword, Identifier } from './schemas/fields.ts'
import type { RouteOptions } from './services.ts'

const SignInBody = Type.Object(
  {
    email: Type.Optional(Identifier),
    username: Type.Optional(Identifier),
    password: GivenPassword
  },
  {
    if: { not: { required: ['username'] } },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's word
    then: { required: ['email'] }
  }
)

/** `POST /sign-in/`: by email (or username) and password. */
const signIn: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { accounts, present }) => {
  app.post('/sign-in/', {
    config: app.limitRate(30),
    schema: { body: SignInBody, response: { 200: SignedInAnswer, ...publicAnswers } },
    preValidation: app.readForm(),
    handler: async ({ body: { email, username, password } }) => {
      const signedIn =
        email === undefined
          ? await accounts.signIn(username ?? '', password, 'username')
          : await accounts.signIn(email, password, 'email')
      if (!signedIn) throw errors.invalidCredentials()
      return present.signedIn(signedIn)
    }
  })
}

export default signIn
