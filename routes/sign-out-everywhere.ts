import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { currentUser } from './own-account.ts'
import type { AccountRouteOptions } from './route-options.ts'
import { bearerOperation } from './schemas/operation.ts'
import { Detail, EmptyResponse, everywhere, Unauthenticated } from './schemas/responses.ts'

/** `POST /sign-out-everywhere/` (any body, unread): every token of the user is dead afterwards, the one sent too. */
const signOutEverywhere: FastifyPluginAsyncTypebox<
  Pick<AccountRouteOptions, 'ownAccess' | 'limitRate' | 'authenticate' | 'limitUser'>
> = async (app, { ownAccess, limitRate, authenticate, limitUser }) => {
  app.post('/sign-out-everywhere/', {
    schema: bearerOperation(
      {
        operationId: 'signOutEverywhere',
        summary: 'End every session of one’s own account',
        description:
          'Every token of the account is dead afterwards, the one that was sent too. A body is ignored.',
        tags: ['Accounts']
      },
      { response: { 200: EmptyResponse, ...everywhere, 401: Unauthenticated, 429: Detail } }
    ),
    onRequest: [limitRate('password'), authenticate, limitUser('password')],
    handler: async (request) => {
      await ownAccess.signOutEverywhere(currentUser(request))
      return {}
    }
  })
}

export default signOutEverywhere
