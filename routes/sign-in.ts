import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { errors } from '../src/errors.ts'
import type { AccountRouteOptions } from './route-options.ts'
import { CurrentPassword, Identifier } from './schemas/fields.ts'
import { operation } from './schemas/operation.ts'
import { publicResponses } from './schemas/responses.ts'

const SignInBody = Type.Object(
  {
    email: Type.Optional(Identifier),
    username: Type.Optional(Identifier),
    password: CurrentPassword
  },
  {
    if: { not: { required: ['username'] } },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's word
    then: { required: ['email'] }
  }
)

/** `POST /sign-in/`: by email (or username) and password. */
const signIn: FastifyPluginAsyncTypebox<AccountRouteOptions> = async (
  app,
  { accounts, present, limitRate, readForm, responses }
) => {
  app.post('/sign-in/', {
    onRequest: limitRate('signIn'),
    schema: operation(
      {
        operationId: 'signIn',
        summary: 'Sign in by email (or username) and password',
        description:
          'Starts a session. The answer is the same, in the same time, whether the account is unknown, inactive, or the password wrong. After ten wrong passwords for an account, or fifty from an address, sign-ins are refused until five minutes after the first of them.',
        tags: ['Accounts']
      },
      { body: SignInBody, response: { 200: responses.signedIn, ...publicResponses } }
    ),
    preValidation: readForm(),
    handler: async ({ body: { email, username, password }, ip }) => {
      const identity =
        email === undefined
          ? ({ identifier: username ?? '', prefer: 'username' } as const)
          : ({ identifier: email, prefer: 'email' } as const)
      const signedIn = await accounts.signIn({ ...identity, password, address: ip })
      if (!signedIn) throw errors.invalidCredentials()
      return present.signedIn(signedIn)
    }
  })
}

export default signIn
