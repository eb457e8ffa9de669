import fastifyJwt, { type JWT } from '@fastify/jwt'
import type { FastifyInstance } from 'fastify'
import type { TokenCodec, UntrustedClaims } from '../../src/tokens/claims.ts'
import { createSessions, type SessionOptions, type Sessions } from '../../src/tokens/sessions.ts'

export interface TokenSessionsOptions extends Omit<SessionOptions, 'codec'> {
  /** The HS256 key, at least 32 characters (RFC 7518, 3.2). */
  secret: string
}

const NAMESPACE = 'userProfile'
const ALGORITHM = 'HS256'
/** 32 bytes in base64url end on one of sixteen characters; decoders take the other spellings too (RFC 4648, 3.5). */
const CANONICAL_SIGNATURE = /\.[\w-]{42}[AEIMQUYcgkosw048]$/

/** Sessions whose tokens have SimpleJWT's claims. The app itself gets no decorators of @fastify/jwt. */
export async function openTokenSessions(
  app: FastifyInstance,
  { secret, ...options }: TokenSessionsOptions
): Promise<Sessions> {
  const codec = Promise.withResolvers<TokenCodec>()
  await app.register(async (scope) => {
    // Its own, where a host has one: that is left as it is.
    Reflect.apply(scope.decorate, scope, ['jwt', Object.create(null)])
    await scope.register(fastifyJwt, {
      secret,
      namespace: NAMESPACE,
      sign: { algorithm: ALGORITHM },
      // One algorithm for the key, so that a token can't choose.
      verify: { algorithms: [ALGORITHM] }
    })
    codec.resolve(createCodec(Reflect.get(scope.jwt, NAMESPACE)))
  })
  return createSessions({ ...options, codec: await codec.promise })
}

function createCodec(jwt: JWT): TokenCodec {
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
