import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { errors } from '../src/errors.ts'
import type { Profiles } from '../src/users/profiles.ts'
import { parseUserId, type User } from '../src/users/user.ts'

const ID = { description: "The user's id; must be one's own.", minimum: 1, examples: [42] }
/** A text, because what is no number is nobody's id. */
export const IdParams = Type.Object({ id: Type.String({ documentedAs: Type.Integer(ID) }) })

/** Not a name, which a host app could have too. */
const CURRENT_USER = Symbol('user of the request')

/** Finds who sends a request. @throws the 401 that fits */
export type Identify = (request: FastifyRequest) => Promise<User>

/** An `onRequest` hook that refuses a request that is nobody's, and remembers whose it is. */
export type Authenticate = (request: FastifyRequest) => Promise<void>

export function createAuthenticate(app: FastifyInstance, identify: Identify): Authenticate {
  // Inherited where one scope is inside another.
  if (!app.hasRequestDecorator(CURRENT_USER)) app.decorateRequest(CURRENT_USER, null)
  return async (request) => void Reflect.set(request, CURRENT_USER, await identify(request))
}

/** The user that `authenticate` found. */
export function currentUser(request: FastifyRequest): User {
  const user: User | null = Reflect.get(request, CURRENT_USER)
  if (!user) throw errors.notAuthenticated()
  return user
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
