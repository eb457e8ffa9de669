import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import { EmptyAnswer, publicAnswers } from './schemas/answers.ts'
import { Text } from './schemas/fields.ts'

const VerifyBody = Type.Object({ token: Text({}) })

/** `POST /token/verify/`: whether a token, of either kind, is good. */
const tokenVerify: FastifyPluginAsyncTypebox = async (app) => {
  app.post('/token/verify/', {
    config: app.limitRate(120),
    schema: { body: VerifyBody, response: { 200: EmptyAnswer, ...publicAnswers } },
    preValidation: app.readForm(),
    handler: async ({ body }) => {
      await app.sessions.verify(body.token)
      return {}
    }
  })
}

export default tokenVerify
