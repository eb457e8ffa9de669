import t from 'tap'
import { exchange } from '../raw-exchange.ts'
import { listening } from '../raw-http.ts'

/**
 * A good token in a place that is none (RFC 6750, sections 2.1 to 2.3: whatever is in a URL is in logs too): it opens nothing
 * but from the `Authorization` header, which there is once and with one token.
 */
t.test('a token counts in the one header and the one place that it belongs to', async (t) => {
  const { signUp, call, port } = await listening(t)
  const { access } = await signUp()
  const elsewhere: [url: string, headers: Record<string, string>][] = [
    [`/api/profile/?token=${access}`, {}],
    [`/api/profile/?access_token=${access}`, {}],
    [`/api/profile/?jwt=${access}`, {}],
    ['/api/profile/', { cookie: `access=${access}; token=${access}; Authorization=Bearer ${access}` }],
    ['/api/profile/', { 'x-authorization': `Bearer ${access}` }],
    ['/api/profile/', { 'proxy-authorization': `Bearer ${access}` }],
    ['/api/profile/', { 'x-access-token': access }],
    ['/api/profile/', { 'x-original-authorization': `Bearer ${access}` }]
  ]
  for (const [url, headers] of elsewhere) t.equal((await call('GET', url, { headers })).statusCode, 401, url)
  const schemes = [
    'Bearer Bearer ',
    'Bearer, ',
    'Bearer:',
    'Bearer=',
    'xBearer ',
    'Bearerx ',
    'Token ',
    'JWT ',
    ''
  ]
  for (const scheme of schemes) {
    const { statusCode } = await call('GET', '/api/profile/', { headers: { authorization: scheme + access } })
    t.equal(statusCode, 401, scheme)
  }
  const good = `Authorization: Bearer ${access}`
  const bad = 'Authorization: Bearer bad'
  const wire: [name: string, lines: string, status: number][] = [
    ['two, the first is bad', `${bad}\r\n${good}`, 401],
    ['a folded header', `Authorization: Bearer\r\n ${access}`, 400],
    ['a space in front of the colon', `Authorization : Bearer ${access}`, 400],
    ['a NUL in it', `Authorization: Bearer \0${access}`, 400],
    ['a header that is too large', `Authorization: Bearer ${'x'.repeat(20_000)}`, 431]
  ]
  for (const [name, lines, status] of wire) {
    const request = `GET /api/profile/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${lines}\r\n\r\n`
    t.equal((await exchange(port, Buffer.from(request, 'latin1'))).status, status, name)
  }
})
