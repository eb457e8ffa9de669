import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { errors, type TokenProblem } from '../errors.ts'
import { parseUserId, type User, type UserId } from '../users/user.ts'
import type { UserStore } from '../users/user-store.ts'
import { createAccessTokenCache } from './access-token-cache.ts'
import {
  findClaimProblem,
  type TokenClaims,
  type TokenCodec,
  type TokenType,
  type UntrustedClaims
} from './claims.ts'
import type { RefreshTokenRecord, SessionStore } from './session-store.ts'

export interface TokenPair {
  refresh: string
  access: string
}

export interface Sessions {
  /** Starts a session for a user who proved who they are. */
  start(userId: UserId): Promise<TokenPair>
  /** The active user whom an access token names. @throws the 401 that fits */
  authenticate(accessToken: string): Promise<User>
  /** A new pair for a refresh token, which is used up. @throws `token_not_valid` (401) */
  refresh(refreshToken: string): Promise<TokenPair>
  /** Ends the session of a refresh token. @throws `token_not_valid` (401) */
  end(refreshToken: string): Promise<void>
  /** Passes for any live token of ours. @throws `token_not_valid` (401), or SimpleJWT's 400 for a revoked one */
  verify(token: string): Promise<void>
}

export interface SessionOptions {
  codec: TokenCodec
  store: SessionStore
  users: UserStore
  clock: Clock
  accessTtlSeconds: number
  refreshTtlSeconds: number
  /** How long after its first use a refresh token may be used again: tabs of one browser do that. */
  reuseGraceMs: number
}

const MAX_KNOWN_TOKENS = 10_000

/** SimpleJWT's tokens, with refresh tokens that rotate within sessions that can be ended. */
export function createSessions(options: SessionOptions): Sessions {
  const { codec, store, users, clock, accessTtlSeconds, refreshTtlSeconds, reuseGraceMs } = options
  const known = createAccessTokenCache(MAX_KNOWN_TOKENS, clock)

  function mint(
    type: TokenType,
    userId: UserId,
    ttlSeconds: number
  ): { token: string; record: RefreshTokenRecord } {
    const iat = Math.floor(clock.now() / 1000)
    const claims: TokenClaims = {
      token_type: type,
      exp: iat + ttlSeconds,
      iat,
      jti: randomUUID().replaceAll('-', ''),
      user_id: userId
    }
    return { token: codec.sign(claims), record: { jti: claims.jti, expiresAt: claims.exp * 1000 } }
  }

  const mintAccess = (userId: UserId) => mint('access', userId, accessTtlSeconds).token

  /** The claims of a token that is good. @throws what `refuse` makes of a problem */
  function readClaims(
    token: string,
    type: TokenType | undefined,
    refuse: (problem: TokenProblem) => Error
  ): UntrustedClaims {
    const claims = codec.verify(token)
    if (!claims) throw refuse('Token is invalid or expired')
    const problem = findClaimProblem(claims, type)
    if (problem) throw refuse(problem)
    return claims
  }

  function readRefresh(token: string): { userId: UserId | undefined; record: RefreshTokenRecord } {
    const { user_id, jti, exp } = readClaims(token, 'refresh', errors.tokenNotValid)
    return { userId: parseUserId(user_id), record: { jti: String(jti), expiresAt: Number(exp) * 1000 } }
  }

  function readAccess(token: string): UserId | undefined {
    const claims = readClaims(token, 'access', errors.accessTokenNotValid)
    if (!('user_id' in claims)) throw errors.tokenWithoutUser()
    const userId = parseUserId(claims.user_id)
    if (userId !== undefined) known.remember(token, userId, Number(claims.exp) * 1000)
    return userId
  }

  async function getActiveUser(id: UserId | undefined): Promise<User> {
    const user = id === undefined ? undefined : await users.findById(id)
    if (!user) throw errors.userNotFound()
    if (!user.isActive) throw errors.userInactive()
    return user
  }

  return {
    async start(userId) {
      const refresh = mint('refresh', userId, refreshTtlSeconds)
      await store.start(userId, refresh.record)
      return { refresh: refresh.token, access: mintAccess(userId) }
    },

    async authenticate(token) {
      return getActiveUser(known.find(token) ?? readAccess(token))
    },

    async refresh(token) {
      const { userId, record } = readRefresh(token)
      const user = await getActiveUser(userId)
      const next = mint('refresh', user.id, refreshTtlSeconds)
      const when = { at: clock.now(), graceMs: reuseGraceMs }
      const outcome = await store.rotate(user.id, record, next.record, when)
      if (outcome !== 'rotated') throw errors.tokenNotValid('Token is blacklisted')
      return { access: mintAccess(user.id), refresh: next.token }
    },

    async end(token) {
      const { userId, record } = readRefresh(token)
      if (userId === undefined) throw errors.userNotFound()
      if (!(await store.end(userId, record, clock.now()))) throw errors.tokenNotValid('Token is blacklisted')
    },

    async verify(token) {
      const { jti } = readClaims(token, undefined, errors.tokenNotValid)
      if (await store.isRevoked(String(jti))) {
        throw errors.invalidFields({ non_field_errors: ['Token is blacklisted'] })
      }
    }
  }
}
