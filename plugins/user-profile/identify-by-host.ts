import type { FastifyRequest } from 'fastify'
import { errors } from '../../src/errors.ts'
import { parseUserId, type User } from '../../src/users/user.ts'
import type { ProfileStore } from '../../src/users/user-store.ts'
import type { HostAuthentication } from './options.ts'

/** Finds the user of a request by the host's own authentication. */
export function identifyByHost(
  authenticate: HostAuthentication['authenticate'],
  users: Pick<ProfileStore, 'findById'>
): (request: FastifyRequest) => Promise<User> {
  return async (request) => {
    const answered = await authenticate(request)
    if (answered === undefined) throw errors.notAuthenticated()
    const id = parseUserId(answered)
    const user = id && (await users.findById(id))
    if (!user) throw errors.userNotFound()
    if (!user.isActive) throw errors.userInactive()
    return user
  }
}
