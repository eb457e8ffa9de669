import { errors } from '../errors.ts'
import type { UntrustedClaims } from '../tokens/claims.ts'
import { parseUserId, type User } from '../users/user.ts'
import type { ProfileStore } from '../users/user-store.ts'
import { own } from './access-claims.ts'
import type { IdentityStore } from './identity-store.ts'
import type { NamedClaims } from './jwks-options.ts'
import type { Provision } from './provisioning.ts'

/** The user whom a verified token names. @throws the 401 or 403 that fits */
export type FindUser = (claims: UntrustedClaims) => Promise<User>

/** Users by a claim that is our own id. */
export const findByOwnId =
  (claim: string, users: Pick<ProfileStore, 'findById'>): FindUser =>
  async (claims) => {
    const value = own(claims, claim)
    if (value === undefined) throw errors.tokenWithoutUser()
    const id = parseUserId(value)
    const user = id && (await users.findById(id))
    if (!user) throw errors.userNotFound()
    return user
  }

/** Users by who they are at the provider. Whom nobody is, `provision` makes one where it is given. */
export function findByIdentity({
  issuer,
  claims: names,
  identities,
  provision
}: {
  issuer: string
  claims: NamedClaims
  identities: IdentityStore
  provision: Provision | undefined
}): FindUser {
  return async (claims) => {
    const subject = own(claims, names.subject)
    if (!isSubject(subject)) throw errors.tokenWithoutUser()
    const identity = { issuer, subject }
    const user = await identities.find(identity)
    if (user) return user
    if (!provision) throw errors.userNotFound()
    return provision(identity, claims)
  }
}

/** OpenID Connect Core 1.0, 2: a subject has 255 characters at most. Lone surrogates would all be stored as one. */
const isSubject = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= 255 && value.isWellFormed()
