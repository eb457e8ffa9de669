import type { FastifyRequest } from 'fastify'
import { errors } from '../../src/errors.ts'
import type { User } from '../../src/users/user.ts'

/** Who a bearer token names. */
export interface TokenOwners {
  /** The active user whom an access token names. @throws the 401 that fits */
  authenticate(accessToken: string): Promise<User>
}

/** Finds the user of a request by its bearer token (RFC 6750, 2.1). */
export const identifyByBearer =
  (owners: TokenOwners) =>
  async ({ headers }: FastifyRequest): Promise<User> =>
    owners.authenticate(readBearer(headers.authorization))

/** The scheme's name is taken in any case (RFC 9110, 11.1). */
const BEARER = /^\s*bearer\s+(\S+)\s*$/i

/** The token of a bearer header, with SimpleJWT's refusals of other headers. */
function readBearer(header = ''): string {
  const token = BEARER.exec(header)?.[1]
  if (token !== undefined) return token
  throw /^\s*bearer(?:\s|$)/i.test(header) ? errors.badAuthorizationHeader() : errors.notAuthenticated()
}
