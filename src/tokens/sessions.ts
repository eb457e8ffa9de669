import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { errors, type TokenProblem } from '../errors.ts'
import { parseUserId, type User, type UserId } from '../users/user.ts'
import type { UserStore } from '../users/user-store.ts'
import { createAccessTokenCache, type KnownToken } from './access-token-cache.ts'
import {
  findClaimProblem,
  isIssuedSince,
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
  start(user: User): Promise<TokenPair>
  /** An access token alone, which no session belongs to. */
  issueAccess(user: User): string
  /** The active user whom an access token names. @throws the 401 that fits */
  authenticate(accessToken: string): Promise<User>
  /**
   * A new pair for a refresh token, which is used up; where they don't rotate, an access token alone.
   * @throws the 401 that fits
   */
  refresh(refreshToken: string): Promise<Partial<TokenPair> & { access: string }>
  /**
   * The same, and whose it is.
   * @param accessMaxSeconds how long the access token is good at most
   * @throws the 401 that fits
   */
  resume(
    refreshToken: string,
    accessMaxSeconds?: number
  ): Promise<Partial<TokenPair> & { access: string; user: User }>
  /**
   * Ends the session of a refresh token.
   * @param except a good refresh token, whose session goes on
   * @throws `token_not_valid` (401)
   */
  end(refreshToken: string, except?: string): Promise<void>
  /**
   * Passes for any live token of a user who may come in.
   * @throws the 401 that fits, or SimpleJWT's 400 for a revoked one
   */
  verify(token: string): Promise<void>
}

export interface SessionOptions {
  codec: TokenCodec
  store: SessionStore
  users: UserStore
  clock: Clock
  accessTtlSeconds: number
  refreshTtlSeconds: number
  /** Whether a refresh token works once, and the answer brings the next one. */
  refreshRotation: boolean
  /** How long after its first use a refresh token may be used again: tabs of one browser do that. */
  reuseGraceMs: number
}

const MAX_KNOWN_TOKENS = 10_000

/** SimpleJWT's tokens, with refresh tokens that rotate within sessions that can be ended. */
export function createSessions(options: SessionOptions): Sessions {
  const { codec, store, users, clock, accessTtlSeconds, refreshTtlSeconds } = options
  const known = createAccessTokenCache(MAX_KNOWN_TOKENS, clock)

  function mint(
    type: TokenType,
    { id, tokenEpoch }: User,
    ttlSeconds: number
  ): { token: string; record: RefreshTokenRecord } {
    const iat = Math.floor(clock.now() / 1000)
    const claims: TokenClaims = {
      token_type: type,
      exp: iat + ttlSeconds,
      iat,
      jti: randomUUID().replaceAll('-', ''),
      user_id: id,
      token_epoch: tokenEpoch
    }
    return { token: codec.sign(claims), record: { jti: claims.jti, expiresAt: claims.exp * 1000 } }
  }

  const mintAccess = (user: User, maxSeconds = accessTtlSeconds) =>
    mint('access', user, Math.min(maxSeconds, accessTtlSeconds)).token
  const mintRefresh = (user: User) => mint('refresh', user, refreshTtlSeconds)

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

  function readRefresh(token: string) {
    const claims = readClaims(token, 'refresh', errors.tokenNotValid)
    const record: RefreshTokenRecord = { jti: String(claims.jti), expiresAt: Number(claims.exp) * 1000 }
    return { userId: parseUserId(claims.user_id), record, issue: claims }
  }

  function readAccess(token: string): KnownToken | undefined {
    const { user_id, token_epoch, iat, exp } = readClaims(token, 'access', errors.accessTokenNotValid)
    if (user_id === undefined) throw errors.tokenWithoutUser()
    const userId = parseUserId(user_id)
    if (userId === undefined) return undefined
    const read = { userId, issue: { token_epoch, iat } }
    known.remember(token, read, Number(exp) * 1000)
    return read
  }

  async function getActiveUser(id: UserId | undefined): Promise<User> {
    const user = id === undefined ? undefined : await users.findById(id)
    if (!user) throw errors.userNotFound()
    if (!user.isActive) throw errors.userInactive()
    return user
  }

  /** @returns the next refresh token */
  async function rotate(user: User, used: RefreshTokenRecord): Promise<string> {
    const next = mintRefresh(user)
    const when = { at: clock.now(), graceMs: options.reuseGraceMs }
    const outcome = await store.rotate(user.id, used, next.record, when)
    if (outcome !== 'rotated') throw errors.tokenNotValid('Token is blacklisted')
    return next.token
  }

  const resume: Sessions['resume'] = async (token, accessMaxSeconds) => {
    const { userId, record, issue } = readRefresh(token)
    const user = await getActiveUser(userId)
    if (!isIssuedSince(user.tokenEpoch, issue)) throw errors.tokenNotValid('Token is blacklisted')
    const refresh = options.refreshRotation ? await rotate(user, record) : undefined
    if (refresh === undefined && (await store.isRevoked(record.jti)))
      throw errors.tokenNotValid('Token is blacklisted')
    return { access: mintAccess(user, accessMaxSeconds), ...(refresh !== undefined && { refresh }), user }
  }

  return {
    async start(user) {
      const refresh = mintRefresh(user)
      await store.start(user.id, refresh.record, clock.now())
      return { refresh: refresh.token, access: mintAccess(user) }
    },

    issueAccess: (user) => mintAccess(user),

    async authenticate(token) {
      const read = known.find(token) ?? readAccess(token)
      const user = await getActiveUser(read?.userId)
      if (read && isIssuedSince(user.tokenEpoch, read.issue)) return user
      throw errors.accessTokenNotValid('Token is invalid or expired')
    },

    resume,

    async refresh(token) {
      const { user: _, ...pair } = await resume(token)
      return pair
    },

    async end(token, except) {
      const { userId, record, issue } = readRefresh(token)
      const user = userId === undefined ? undefined : await users.findById(userId)
      if (!user) throw errors.userNotFound()
      const exceptJti = except === undefined ? undefined : readRefresh(except).record.jti
      const ended =
        isIssuedSince(user.tokenEpoch, issue) && (await store.end(user.id, record, clock.now(), exceptJti))
      if (!ended) throw errors.tokenNotValid('Token is blacklisted')
    },

    async verify(token) {
      const { jti, user_id, ...issue } = readClaims(token, undefined, errors.tokenNotValid)
      const user = user_id === undefined ? undefined : await getActiveUser(parseUserId(user_id))
      const isRevoked =
        (user && !isIssuedSince(user.tokenEpoch, issue)) || (await store.isRevoked(String(jti)))
      if (isRevoked) throw errors.invalidFields({ non_field_errors: ['Token is blacklisted'] })
    }
  }
}
