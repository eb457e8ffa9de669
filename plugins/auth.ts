import fastifyJwt, { type JWT } from '@fastify/jwt'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Clock } from '../src/clock.ts'
import { errors } from '../src/errors.ts'
import type { TokenCodec, UntrustedClaims } from '../src/tokens/claims.ts'
import type { SessionStore } from '../src/tokens/session-store.ts'
import { createSessions, type Sessions } from '../src/tokens/sessions.ts'
import type { User } from '../src/users/user.ts'
import type { UserStore } from '../src/users/user-store.ts'

export interface AuthOptions {
  /** The HS256 key, at least 32 characters (RFC 7518, 3.2). */
  secret: string
  users: UserStore
  sessionStore: SessionStore
  clock: Clock
  accessTtlSeconds: number
  refreshTtlSeconds: number
  /** Whether a refresh token works once, and its answer brings the next one. */
  refreshRotation: boolean
  /** How long after its first use a refresh token may be used again, in milliseconds. */
  reuseGraceMs: number
}

/** Refuses a request without a live access token, and puts the token's user on `request.currentUser`. */
export type Authenticate = (request: FastifyRequest) => Promise<void>

declare module 'fastify' {
  interface FastifyInstance {
    sessions: Sessions
    authenticate: Authenticate
  }
  interface FastifyRequest {
    /** Set by `authenticate`. */
    currentUser: User | null
  }
}

/** @fastify/jwt keeps what it decorates under this name, beside a host's own registration. */
const NAMESPACE = 'userProfile'
const ALGORITHM = 'HS256'
/** 32 bytes in base64url end on one of sixteen characters; decoders take the other spellings too (RFC 4648, 3.5). */
const CANONICAL_SIGNATURE = /\.[\w-]{42}[AEIMQUYcgkosw048]$/

/** Bearer tokens with SimpleJWT's claims: decorates `sessions` and `authenticate`. */
export default fp<AuthOptions>(
  async (app, { secret, sessionStore, ...options }) => {
    await app.register(fastifyJwt, {
      secret,
      namespace: NAMESPACE,
      decoratorName: 'userProfileClaims',
      sign: { algorithm: ALGORITHM },
      // One algorithm for the key, so that a token can't choose.
      verify: { algorithms: [ALGORITHM] }
    })
    const sessions = createSessions({ ...options, codec: createCodec(app), store: sessionStore })
    app.decorate('sessions', sessions)
    app.decorateRequest('currentUser', null)
    app.decorate('authenticate', async (request) => {
      request.currentUser = await sessions.authenticate(readBearer(request.headers.authorization))
    })
  },
  { name: 'user-profile-auth', fastify: '5.x' }
)

function createCodec(app: FastifyInstance): TokenCodec {
  const jwt: JWT = Reflect.get(app.jwt, NAMESPACE)
  return {
    sign: (claims) => jwt.sign(claims),
    verify(token) {
      if (!CANONICAL_SIGNATURE.test(token)) return undefined
      try {
        return jwt.verify<UntrustedClaims>(token)
      } catch {
        // Which of the many reasons it was is nothing that the bearer should learn.
        return undefined
      }
    }
  }
}

/** The scheme's name is taken in any case (RFC 9110, 11.1). */
const BEARER = /^\s*bearer\s+(\S+)\s*$/i

/** The token of a bearer header, with SimpleJWT's refusals of other headers. */
function readBearer(header = ''): string {
  const token = BEARER.exec(header)?.[1]
  if (token !== undefined) return token
  throw /^\s*bearer(?:\s|$)/i.test(header) ? errors.badAuthorizationHeader() : errors.notAuthenticated()
}
