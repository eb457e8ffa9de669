import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { judgedBody } from './judged-body.ts'
import { currentUser, IdParams, requireOwnAccount } from './own-account.ts'
import type { AccountRouteOptions } from './route-options.ts'
import { CurrentPassword, NewPassword } from './schemas/fields.ts'
import { bearerOperation } from './schemas/operation.ts'
import { TokenPairResponse, updateResponses } from './schemas/responses.ts'

const PasswordBody = Type.Object({ current_password: CurrentPassword, new_password: NewPassword })

/** `POST /profile/{id}/password/`: a new password, which ends every session but the one that it answers. */
const passwordChange: FastifyPluginAsyncTypebox<AccountRouteOptions> = async (
  app,
  { profiles, ownAccess, limitRate, authenticate, limitUser, readForm }
) => {
  app.post('/profile/:id/password/', {
    schema: bearerOperation(
      {
        operationId: 'changePassword',
        summary: 'Change one’s own password',
        description:
          'Ends every session and kills every token of the account, and answers the tokens of a new session.',
        tags: ['Accounts']
      },
      { params: IdParams, body: PasswordBody, response: { 200: TokenPairResponse, ...updateResponses } }
    ),
    onRequest: [limitRate('password'), authenticate, limitUser('password'), requireOwnAccount(profiles)],
    preValidation: readForm(),
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
