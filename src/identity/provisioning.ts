import type { Clock } from '../clock.ts'
import { errors } from '../errors.ts'
import type { Log } from '../log.ts'
import { makeUnusableHash } from '../passwords/unusable-hash.ts'
import type { UntrustedClaims } from '../tokens/claims.ts'
import type { User } from '../users/user.ts'
import { IdentityTakenError } from '../users/user-store.ts'
import type { ExternalIdentity, IdentityStore } from './identity-store.ts'
import type { NamedClaims } from './jwks-options.ts'
import { readProfile } from './profile-claims.ts'

export interface ProvisioningOptions {
  identities: IdentityStore
  claims: NamedClaims
  clock: Clock
  log: Log
  /** Told of each user who came to be, after the commit. */
  onProvisioned: (user: User) => Promise<void>
}

/** Makes somebody whom the provider knows a user here. */
export type Provision = (identity: ExternalIdentity, claims: UntrustedClaims) => Promise<User>

/**
 * Users who come to be at first sight. Nobody is connected with an account that is here already, whatever their email is:
 * who could name an email at the provider could take over the account. The password is one that nothing matches.
 * @throws `identity_without_email`, `identity_email_taken` (403)
 */
export function createProvisioning(options: ProvisioningOptions): Provision {
  const { identities, claims: names, clock, log, onProvisioned } = options

  async function create(identity: ExternalIdentity, texts: { username: string; email: string } & Names) {
    const made = { numberPhone: null, passwordHash: makeUnusableHash(), dateJoined: clock.now() }
    try {
      return await identities.provision(identity, { ...texts, ...made })
    } catch (error) {
      if (!(error instanceof IdentityTakenError)) throw error
      if (!error.fields.includes('email')) return undefined
      log.warn({ ...identity }, 'not provisioned: another account has the email')
      throw errors.identityEmailTaken()
    }
  }

  return async (identity, claims) => {
    const { email, usernames, ...rest } = readProfile(claims, names)
    if (email === undefined) {
      log.warn({ ...identity }, 'not provisioned: the token names no valid and verified email')
      throw errors.identityWithoutEmail()
    }
    for (const username of usernames) {
      const provisioned = await create(identity, { ...rest, username, email })
      if (!provisioned) continue
      const { user, isNew } = provisioned
      if (isNew) {
        log.info({ ...identity, userId: user.id }, 'provisioned a user')
        await onProvisioned(user)
      }
      return user
    }
    throw errors.unavailable(new Error('no username was free'))
  }
}

interface Names {
  firstName: string
  lastName: string
}
