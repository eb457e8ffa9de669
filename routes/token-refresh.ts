import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { AccountRouteOptions } from './route-options.ts'
import { Text } from './schemas/fields.ts'
import { publicResponses, RefreshedResponse } from './schemas/responses.ts'

const RefreshBody = Type.Object({ refresh: Text({}) })

/** `POST /token/refresh/`: a new pair for a refresh token, which is used up; where they don't rotate, an access token alone. */
const tokenRefresh: FastifyPluginAsyncTypebox<AccountRouteOptions> = async (
  app,
  { sessions, limitRate, readForm }
) => {
  app.post('/token/refresh/', {
    onRequest: limitRate(120),
    schema: { body: RefreshBody, response: { 200: RefreshedResponse, ...publicResponses } },
    preValidation: readForm(),
    handler: ({ body }) => sessions.refresh(body.refresh)
  })
}

export default tokenRefresh
