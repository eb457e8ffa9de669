import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { judgedBody } from './judged-body.ts'
import { currentUser, IdParams, requireOwnAccount } from './own-account.ts'
import type { RouteOptions } from './route-options.ts'
import { CurrentPassword, NewPassword } from './schemas/fields.ts'
import { TokenPairResponse, updateResponses } from './schemas/responses.ts'

const PasswordBody = Type.Object({ current_password: CurrentPassword, new_password: NewPassword })

/** `POST /profile/{id}/password/`: a new password, which ends every session but the one that it answers. */
const passwordChange: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { profiles, ownAccess }) => {
  app.post('/profile/:id/password/', {
    schema: {
      params: IdParams,
      body: PasswordBody,
      response: { 200: TokenPairResponse, ...updateResponses }
    },
    onRequest: [app.limitRate(30), app.authenticate, requireOwnAccount(profiles)],
    preValidation: app.readForm(),
    attachValidation: true,
    handler: (request) => {
      const { valid, invalid } = judgedBody(request)
      const { current_password: current, new_password: next } = valid
      const passwords = { ...(current !== undefined && { current }), ...(next !== undefined && { next }) }
      return ownAccess.changePassword(currentUser(request), { passwords, invalid }, request.ip)
    }
  })
}

export default passwordChange
