import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { errors } from '../src/errors.ts'
import type { Profiles } from '../src/users/profiles.ts'
import { parseUserId, type User } from '../src/users/user.ts'

export const IdParams = Type.Object({ id: Type.String({ description: "The user's id; must be one's own." }) })

/** The user that `authenticate` found. */
export function currentUser(request: FastifyRequest): User {
  if (!request.currentUser) throw errors.notAuthenticated()
  return request.currentUser
}

/**
 * An `onRequest` hook for after `authenticate`: the id in the path must be one's own. An id that nobody has is
 * 404, somebody else's 403; of one's own account nothing is looked up again.
 */
export function requireOwnAccount(profiles: Profiles) {
  return async (request: FastifyRequest<{ Params: { id: string } }>): Promise<void> => {
    const id = parseUserId(request.params.id)
    if (id === currentUser(request).id) return
    throw id !== undefined && (await profiles.exists(id)) ? errors.notAuthorized() : errors.notFound()
  }
}
