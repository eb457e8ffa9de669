import type { Clock } from '../clock.ts'
import { errors } from '../errors.ts'
import type { DetailedLog } from '../log.ts'
import { createAccessTokenCache } from '../tokens/access-token-cache.ts'
import { type Issue, isIssuedSince, type UntrustedClaims } from '../tokens/claims.ts'
import type { User } from '../users/user.ts'
import type { ProfileStore } from '../users/user-store.ts'
import { findClaimFault } from './access-claims.ts'
import { fetchJson } from './fetch-json.ts'
import { type FindUser, findByIdentity, findByOwnId } from './find-user.ts'
import type { IdentityStore } from './identity-store.ts'
import { type JwksOptions, type JwksSettings, withDefaults } from './jwks-options.ts'
import { createJwsVerifier } from './jws-verifier.ts'
import { createKeySet } from './key-set.ts'
import { createProvisioning } from './provisioning.ts'
import { parseStrictObject } from './strict-json.ts'
import { TokenRefusedError } from './token-refused.ts'

export interface ExternalSessions {
  /**
   * The active user whom an access token of the identity provider names.
   * @throws the 401 that fits
   * @throws `identity_without_email`, `identity_email_taken` (403) where the user would have to be provisioned, and can't be
   * @throws `unavailable` (503) where the provider's keys are not known, and can't be fetched
   */
  authenticate(accessToken: string): Promise<User>
}

export interface ExternalSessionOptions {
  /** Without fault (`findOptionFault`). */
  jwks: JwksOptions
  users: Pick<ProfileStore, 'findById'>
  /** Not needed where a claim is our own id. */
  identities: IdentityStore | undefined
  clock: Clock
  /** At the level `debug`, why tokens are refused. */
  log: DetailedLog
  /** Told of each user who came to be, after the commit. */
  onProvisioned: (user: User) => Promise<void>
  /** How long the provider may take to answer, in milliseconds. @default 5000 */
  fetchTimeoutMs?: number
}

/** At most 8 KiB each, and mostly 1 to 2. */
const MAX_KNOWN_TOKENS = 5000
const MAX_KNOWN_MS = 300_000
const FETCH_TIMEOUT_MS = 5000

/**
 * Sessions that are kept elsewhere: their access tokens are verified, and no others are given. Those that were verified
 * lately are known, for five minutes at most and not beyond their end or the next look at the provider's keys; whether their
 * user may still come in is asked on every request.
 */
export function createExternalSessions(options: ExternalSessionOptions): ExternalSessions {
  const { users, clock, log, fetchTimeoutMs = FETCH_TIMEOUT_MS } = options
  const jwks = withDefaults(options.jwks)
  const known = createAccessTokenCache(MAX_KNOWN_TOKENS, clock)
  const url = new URL(jwks.url)
  const keys = createKeySet({ fetch: () => fetchJson(url, fetchTimeoutMs), clock, log })
  const verify = createJwsVerifier(jwks.algorithms, keys.get)
  const rules = { ...jwks, audienceClaim: jwks.claims.audience }
  const findUser = createFindUser({ ...options, jwks })

  /** @throws {TokenRefusedError} */
  async function readClaims(token: string): Promise<UntrustedClaims> {
    const claims = parseStrictObject(await verify(token), 'the payload')
    const fault = findClaimFault(claims, rules, clock.now())
    if (fault !== undefined) throw new TokenRefusedError(fault)
    return claims
  }

  async function readToken(token: string): Promise<{ user: User; issue: Issue }> {
    const { exp, iat, ...claims } = await readClaims(token)
    const user = await findUser(claims)
    // Whatever else it says of epochs, it is not one of ours.
    const issue = { iat }
    const until = Math.min(Number(exp) * 1000, clock.now() + MAX_KNOWN_MS, keys.goodUntil())
    known.remember(token, { userId: user.id, issue }, until)
    return { user, issue }
  }

  /** Undefined too where its user is gone: somebody else may be that identity's by now. */
  async function findKnown(token: string): Promise<{ user: User; issue: Issue } | undefined> {
    const found = known.find(token)
    const user = found && (await users.findById(found.userId))
    return user && { user, issue: found.issue }
  }

  async function getUser(token: string): Promise<User> {
    const { user, issue } = (await findKnown(token)) ?? (await readToken(token))
    if (!user.isActive) throw errors.userInactive()
    if (isIssuedSince(user.tokenEpoch, issue)) return user
    throw new TokenRefusedError('its user’s tokens were revoked since')
  }

  return {
    async authenticate(token) {
      try {
        return await getUser(token)
      } catch (error) {
        if (!(error instanceof TokenRefusedError)) throw error
        log.debug({ reason: error.message }, 'refused an access token')
        throw errors.accessTokenNotValid('Token is invalid or expired')
      }
    }
  }
}

function createFindUser({
  jwks,
  users,
  identities,
  clock,
  log,
  onProvisioned
}: ExternalSessionOptions & { jwks: JwksSettings }): FindUser {
  const { issuer, claims, autoProvision } = jwks
  if (claims.userId !== undefined) return findByOwnId(claims.userId, users)
  if (!identities) throw new Error('no store of identities')
  const provision = autoProvision
    ? createProvisioning({ identities, claims, clock, log, onProvisioned })
    : undefined
  return findByIdentity({ issuer, claims, identities, provision })
}
