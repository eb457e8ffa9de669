import type { UntrustedClaims } from '../tokens/claims.ts'

/** Which tokens are for us. */
export interface ClaimRules {
  issuer: string
  audience: string
  /** The claim that names the audience. */
  audienceClaim: string
  clockToleranceSeconds: number
}

/** What an access token calls itself, where it says so: Cognito's `token_use`, SimpleJWT's `token_type`, Keycloak's `typ`. */
const KIND_CLAIMS = ['token_use', 'token_type', 'typ']
const ACCESS_KINDS = new Set(['access', 'bearer', 'jwt', 'at+jwt'])

/**
 * Claims that only other tokens have: what an ID token proves of its siblings (OpenID Connect Core 1.0, 3.1.3.6 and 3.3.2.11;
 * `s_hash` of Financial-grade API 1.0, part 2, 5.1), and what happened, in a logout token and its like (RFC 8417, 2.2).
 */
const FOREIGN_CLAIMS = ['at_hash', 'c_hash', 's_hash', 'events']

/**
 * Whether a verified token is an access token for us, and in force (RFC 7519, 4.1; RFC 9068, 4).
 * @param now epoch milliseconds
 * @returns what is wrong, if anything
 */
export function findClaimFault(claims: UntrustedClaims, rules: ClaimRules, now: number): string | undefined {
  if (claims.iss !== rules.issuer) return 'the issuer is another'
  if (!isFor(rules.audience, own(claims, rules.audienceClaim))) return 'it is for another audience'
  return findKindFault(claims) ?? findTimeFault(claims, rules.clockToleranceSeconds, now / 1000)
}

/** Of a claim whose name is a setting: never what every object has. */
export const own = (claims: UntrustedClaims, name: string): unknown =>
  Object.hasOwn(claims, name) ? claims[name] : undefined

const isFor = (audience: string, named: unknown): boolean =>
  named === audience ||
  (Array.isArray(named) && named.every((one) => typeof one === 'string') && named.includes(audience))

function findKindFault(claims: UntrustedClaims): string | undefined {
  if (FOREIGN_CLAIMS.some((name) => Object.hasOwn(claims, name))) return 'it is no access token'
  const kinds = KIND_CLAIMS.flatMap((name) => (Object.hasOwn(claims, name) ? [claims[name]] : []))
  const isAccess = kinds.every((kind) => typeof kind === 'string' && ACCESS_KINDS.has(kind.toLowerCase()))
  return isAccess ? undefined : 'it calls itself no access token'
}

function findTimeFault(claims: UntrustedClaims, tolerance: number, now: number): string | undefined {
  const { exp, nbf = 0, iat = 0 } = claims
  if (!isTime(exp) || !isTime(nbf) || !isTime(iat)) return 'a time is missing or no time'
  if (exp <= now - tolerance) return 'it has expired'
  if (nbf > now + tolerance) return 'it is not in force yet'
  return iat > now + tolerance ? 'it was issued in the future' : undefined
}

/** Seconds since the Unix epoch (RFC 7519, 2: NumericDate). */
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
