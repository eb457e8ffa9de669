import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { errors } from '../src/errors.ts'

const NAME = 'x-same-origin'
const VALUE = '1'

/** What requests that a cookie speaks for have to bring: scripts of other origins could send it only if CORS let them. */
export const SameOriginHeaders = Type.Object({
  [NAME]: Type.String({ const: VALUE, description: 'Shows that no form or link of another site sends this.' })
})

/**
 * An `onRequest` hook for routes that a cookie speaks for: refuses what another site's page made the browser send, whatever
 * origins CORS is open to. Browsers name in `Sec-Fetch-Site` where a request comes from, on https and localhost; in `Origin` always.
 * What sends neither is no browser of these years, and knows the header.
 */
export async function requireSameOrigin(request: FastifyRequest): Promise<void> {
  const { [NAME]: header, 'sec-fetch-site': site, origin } = request.headers
  if (header !== VALUE) throw errors.notAuthorized()
  const isSame = site === undefined ? isOriginOf(origin, request.host) : site === 'same-origin'
  if (!isSame) throw errors.notAuthorized()
}

/** Whether an origin is that of a host, whose default port may be written out. */
function isOriginOf(origin: string | undefined, host: string): boolean {
  if (origin === undefined) return true
  const from = URL.parse(origin)
  return from !== null && from.host !== '' && from.host === URL.parse(`${from.protocol}//${host}`)?.host
}
