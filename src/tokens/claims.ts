import type { TokenProblem } from '../errors.ts'

export type TokenType = 'access' | 'refresh'

/** The claims of SimpleJWT's tokens, and one of ours. `exp` and `iat` are seconds since the Unix epoch. */
export interface TokenClaims {
  token_type: TokenType
  exp: number
  iat: number
  jti: string
  user_id: number
  /** The user's `tokenEpoch` when the token was issued. */
  token_epoch: number
}

/** What a verified token says, before it is known which claims it has. */
export type UntrustedClaims = Record<string, unknown>

/** Signs and verifies; knows the key and the one algorithm that it takes, and nothing of what claims mean. */
export interface TokenCodec {
  sign(claims: TokenClaims): string
  /** The claims of a token whose signature and times are good; undefined for any other. */
  verify(token: string): UntrustedClaims | undefined
}

/** When a token was issued, as far as it says. */
export interface Issue {
  token_epoch?: unknown
  iat?: unknown
}

/**
 * Whether a token was issued since its user's tokens were last revoked. Those of ours name the user's epoch, so the same
 * second, or a clock that was set back, makes no difference. Those from elsewhere have only their second.
 */
export function isIssuedSince(tokenEpoch: number, { token_epoch, iat }: Issue): boolean {
  if (token_epoch !== undefined) return token_epoch === tokenEpoch
  return tokenEpoch === 0 || (typeof iat === 'number' && iat * 1000 > tokenEpoch)
}

/**
 * SimpleJWT's checks of a verified token's claims, in its order.
 * @param type the type it must have; none where any will do
 * @returns what is wrong, if anything
 */
export function findClaimProblem(claims: UntrustedClaims, type?: TokenType): TokenProblem | undefined {
  if (!('exp' in claims)) return "Token has no 'exp' claim"
  if (typeof claims.exp !== 'number') return 'Token is invalid or expired'
  if (!('jti' in claims)) return 'Token has no id'
  if (typeof claims.jti !== 'string' || claims.jti === '') return 'Token is invalid or expired'
  if (type === undefined) return undefined
  if (!('token_type' in claims)) return 'Token has no type'
  return claims.token_type === type ? undefined : 'Token has wrong type'
}
