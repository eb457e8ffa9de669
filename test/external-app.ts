import type { Test } from 'tap'
import { buildTestApp, type TestApp, type TestAppOptions } from './helper.ts'
import { AUDIENCE, ISSUER, type Provider, type SigningKey, startProvider } from './identity-provider.ts'

export interface ExternalApp extends TestApp {
  provider: Provider
  /** The status and body of a read of the own profile. */
  read(token: string): Promise<{ status: number; body: Record<string, unknown>; retryAfter?: unknown }>
}

/** The service with the tokens of an identity provider, which is on this machine too and publishes the keys. */
export async function buildExternalApp(
  t: Test,
  keys: readonly SigningKey[],
  { env = {}, ...options }: TestAppOptions = {}
): Promise<ExternalApp> {
  const provider = await startProvider(t, ...keys)
  const settings = { JWT_SECRET: '', JWKS_URL: provider.url, JWT_ISSUER: ISSUER, JWT_AUDIENCE: AUDIENCE }
  const app = await buildTestApp(t, { ...options, env: { ...settings, ...env } })
  return {
    ...app,
    provider,
    async read(token) {
      const response = await app.call('GET', '/api/profile/', { token })
      const retryAfter = response.headers['retry-after']
      return {
        status: response.statusCode,
        body: response.json(),
        ...(retryAfter !== undefined && { retryAfter })
      }
    }
  }
}

/** The answer to every token that is not good, whatever it is that is wrong with it. */
export const REFUSED = {
  status: 401,
  body: {
    detail: 'Given token not valid for any token type',
    code: 'token_not_valid',
    messages: [{ token_class: 'AccessToken', token_type: 'access', message: 'Token is invalid or expired' }]
  }
}
