import { createHmac } from 'node:crypto'

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** An access token as SimpleJWT writes it, good for a day; made here, so that no server does work for it. */
export const mintAccessToken = (userId: number, secret: string): string =>
  mint('access', userId, secret, 86_400)

/** A refresh token, good for a fortnight. */
export const mintRefreshToken = (userId: number, secret: string): string =>
  mint('refresh', userId, secret, 14 * 86_400)

function mint(type: string, userId: number, secret: string, lifetimeSeconds: number): string {
  const iat = Math.floor(Date.now() / 1000)
  const jti = userId.toString(16).padStart(32, '0')
  const claims = { token_type: type, exp: iat + lifetimeSeconds, iat, jti, user_id: userId }
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}
