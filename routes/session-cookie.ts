import { parseCookie, stringifySetCookie } from 'cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'

const NAME = 'user-profile-session'

/** The cookie in which a browser keeps the refresh token of its session, out of every script's reach (RFC 6265). */
export interface SessionCookie {
  /**
   * What a request brings. Browsers know a cookie by its domain and path too, and tell neither: where there are several tokens,
   * one of them may have been planted by another site of the same domain.
   */
  read(request: FastifyRequest): string[]
  set(request: FastifyRequest, reply: FastifyReply, refreshToken: string): void
  clear(request: FastifyRequest, reply: FastifyReply): void
}

/**
 * @param path of the routes that read it, prefixes included: it goes nowhere else
 * @param maxAgeSeconds how long a refresh token is good
 */
export function createSessionCookie(path: string, maxAgeSeconds: number): SessionCookie {
  function write(request: FastifyRequest, reply: FastifyReply, value: string, maxAge: number): void {
    const secure = cameByHttps(request)
    const attributes = { path, maxAge, httpOnly: true, sameSite: 'strict', secure } as const
    reply.header('set-cookie', stringifySetCookie({ name: nameFor(secure), value, ...attributes }))
  }
  return {
    read(request) {
      const { cookie = '' } = request.headers
      const name = nameFor(cameByHttps(request))
      // Of one name the parser takes the first; of the same header from its end, the last.
      const found = [cookie, cookie.split(';').reverse().join(';')].map((text) => parseCookie(text)[name])
      return [...new Set(found)].filter((token) => token !== undefined && token !== '') as string[]
    },
    set: (request, reply, token) => write(request, reply, token, maxAgeSeconds),
    clear: (request, reply) => write(request, reply, '', 0)
  }
}

/** Browsers let nobody plant a cookie of this prefix but by https; by http they would not take it. */
const nameFor = (secure: boolean) => (secure ? `__Secure-${NAME}` : NAME)

/** Also where a proxy ends TLS and tells nobody: browsers say in `Origin` what the page came by. */
const cameByHttps = ({ protocol, headers: { origin = '' } }: FastifyRequest): boolean =>
  protocol === 'https' || origin.startsWith('https://')
