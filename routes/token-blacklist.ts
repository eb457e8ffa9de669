import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import { EmptyAnswer, publicAnswers } from './schemas/answers.ts'
import { Text } from './schemas/fields.ts'

const BlacklistBody = Type.Object({ refresh: Text({}) })

/** `POST /token/blacklist/`: ends the session of a refresh token. */
const tokenBlacklist: FastifyPluginAsyncTypebox = async (app) => {
  app.post('/token/blacklist/', {
    config: app.limitRate(120),
    schema: { body: BlacklistBody, response: { 200: EmptyAnswer, ...publicAnswers } },
    preValidation: app.readForm(),
    handler: async ({ body }) => {
      await app.sessions.end(body.refresh)
      return {}
    }
  })
}

export default tokenBlacklist
