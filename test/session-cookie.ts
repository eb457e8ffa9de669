import type { LightMyRequestResponse } from 'fastify'
import type { Test } from 'tap'
import { buildTestApp, type TestAppOptions } from './helper.ts'

export const PATH = '/api/session/'
export const PLAIN = 'user-profile-session'
export const SECURE = `__Secure-${PLAIN}`

/** What a script of the same origin sends, as a browser sends it. */
export const FROM_PAGE = {
  'x-same-origin': '1',
  'sec-fetch-site': 'same-origin',
  host: 'localhost:8000',
  origin: 'http://localhost:8000'
}

export interface SetCookie {
  name: string
  value: string
  attributes: string[]
}

/** The one cookie that an answer sets, where it sets any. */
export function cookieOf({ headers }: LightMyRequestResponse): SetCookie | undefined {
  const lines = [headers['set-cookie'] ?? []].flat()
  if (lines.length > 1) throw new Error(`${lines.length} cookies are set`)
  const [pair, ...attributes] = lines[0]?.split('; ') ?? []
  if (pair === undefined) return undefined
  const end = pair.indexOf('=')
  return { name: pair.slice(0, end), value: pair.slice(end + 1), attributes }
}

/** What takes the cookie away. */
export const isCleared = (cookie: SetCookie | undefined): boolean =>
  cookie?.value === '' && cookie.attributes.includes('Max-Age=0')

type Headers = Record<string, string>

/** The service, and requests as a page of its origin sends them. */
export async function openSessions(t: Test, options: TestAppOptions = {}) {
  const service = await buildTestApp(t, options)
  const send =
    (method: 'PUT' | 'POST' | 'DELETE') =>
    (token: string | undefined, headers: Headers = {}, json?: object) =>
      service.call(method, PATH, {
        headers: { ...FROM_PAGE, ...(token !== undefined && { cookie: `${PLAIN}=${token}` }), ...headers },
        ...(json && { json })
      })
  const put = send('PUT')
  const keep = (refresh: string, cookie?: string, headers: Headers = {}) => put(cookie, headers, { refresh })
  const verify = (token: string) => service.call('POST', '/api/token/verify/', { json: { token } })
  /** Whether a refresh token is neither used up nor ended. */
  const isLive = async (token: string) => (await verify(token)).statusCode === 200
  /** A signed-up user, and the token in the browser's cookie. */
  async function signedUp() {
    const account = await service.signUp()
    return { ...account, cookie: cookieOf(await keep(account.refresh))?.value ?? '' }
  }
  return { ...service, put, keep, resume: send('POST'), end: send('DELETE'), verify, isLive, signedUp }
}
