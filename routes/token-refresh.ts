import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import { publicAnswers, RefreshedAnswer } from './schemas/answers.ts'
import { Text } from './schemas/fields.ts'

const RefreshBody = Type.Object({ refresh: Text({}) })

/** `POST /token/refresh/`: a new pair for a refresh token, which is used up. */
const tokenRefresh: FastifyPluginAsyncTypebox = async (app) => {
  app.post('/token/refresh/', {
    config: app.limitRate(120),
    schema: { body: RefreshBody, response: { 200: RefreshedAnswer, ...publicAnswers } },
    preValidation: app.readForm(),
    handler: ({ body }) => app.sessions.refresh(body.refresh)
  })
}

export default tokenRefresh
