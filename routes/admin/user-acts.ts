import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Administration } from '../../src/admin/administration.ts'
import { parseUserId } from '../../src/users/user.ts'
import { userVersion } from '../../src/users/user-version.ts'
import { actResponses, ownActResponses } from '../schemas/admin.ts'
import { bearerOperation } from '../schemas/operation.ts'
import { tagUser } from '../user-tags.ts'
import { type AdminRouteOptions, actorOf, forAdministrators, TargetParams } from './admin-options.ts'

interface Route {
  method: 'POST' | 'DELETE'
  /** Below the user's own path. */
  path: string
  operationId: string
  summary: string
  description: string
  /** Whether nobody does it to themselves. */
  notUponOneself?: boolean
  perform: Exclude<keyof Administration, 'update' | 'delete'>
}

const ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: 'activate/',
    operationId: 'activateUser',
    summary: 'Let somebody in',
    description: 'They sign in anew: tokens of before stay dead.',
    perform: 'activate'
  },
  {
    method: 'POST',
    path: 'deactivate/',
    operationId: 'deactivateUser',
    summary: 'Let somebody in no longer',
    description: 'Every token and session of theirs ends at once. Not upon oneself.',
    notUponOneself: true,
    perform: 'deactivate'
  },
  {
    method: 'POST',
    path: 'sign-out/',
    operationId: 'signOutUser',
    summary: 'End somebody’s sessions',
    description: 'Every token of theirs is dead afterwards.',
    perform: 'signOut'
  },
  {
    method: 'POST',
    path: 'grant-staff/',
    operationId: 'grantStaff',
    summary: 'Make somebody staff',
    description: 'Superusers only.',
    perform: 'grantStaff'
  },
  {
    method: 'POST',
    path: 'revoke-staff/',
    operationId: 'revokeStaff',
    summary: 'Make somebody staff no longer',
    description: 'Superusers only, and not upon oneself.',
    notUponOneself: true,
    perform: 'revokeStaff'
  },
  {
    method: 'DELETE',
    path: 'avatar/',
    operationId: 'removeUserAvatar',
    summary: 'Take somebody’s picture away',
    description: 'Who has none is answered as they are.',
    perform: 'removeAvatar'
  }
]

/** What is done to a user without saying more (any body, unread); each answers the user as it is then. */
const userActs: FastifyPluginAsyncTypebox<AdminRouteOptions> = async (app, options) => {
  const { administration, present, responses } = options
  for (const { method, path, perform, notUponOneself = false, ...about } of ROUTES) {
    app.route({
      method,
      url: `/admin/users/:id/${path}`,
      schema: bearerOperation(
        { ...about, tags: ['Administration'], userTag: 'unconditional' },
        {
          params: TargetParams,
          response: { 200: responses.user, ...(notUponOneself ? ownActResponses : actResponses) }
        }
      ),
      onRequest: forAdministrators(options),
      handler: async (request, reply) => {
        const user = await administration[perform](actorOf(request), parseUserId(request.params.id))
        tagUser(reply, userVersion(user))
        return present.user(user)
      }
    })
  }
}

export default userActs
