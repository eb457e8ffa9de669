import t from 'tap'
import { buildTestApp } from '../helper.ts'

t.test('a path answers the methods that it doesn’t have with 405 and those that it has', async (t) => {
  const { call, signUp } = await buildTestApp(t)
  const { id, access } = await signUp()
  const paths: [url: string, allowed: string[], bearer: boolean][] = [
    [`/api/profile/${id}/update/`, ['PUT', 'PATCH'], true],
    [`/api/profile/${id}/delete/`, ['DELETE'], true],
    [`/api/profile/${id}/`, ['GET', 'HEAD'], true],
    ['/api/profile/', ['GET', 'POST', 'HEAD'], true],
    ['/api/sign-up/', ['POST'], false],
    ['/api/sign-in/', ['POST'], false],
    ['/api/token/', ['POST'], false],
    ['/api/token/refresh/', ['POST'], false],
    ['/api/token/verify/', ['POST'], false],
    ['/api/token/blacklist/', ['POST'], false],
    ['/api/session/', ['PUT', 'POST', 'DELETE'], false]
  ]
  for (const [url, allowed, bearer] of paths) {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY'] as const) {
      if (allowed.includes(method)) continue
      const response = await call(method, url, {
        token: access,
        body: 'x',
        headers: { 'content-type': 'text/plain' }
      })
      t.equal(response.statusCode, 405, `${method} ${url}`)
      t.strictSame(response.json(), { detail: `Method "${method}" not allowed.` })
      t.strictSame(String(response.headers.allow).split(', ').sort(), [...allowed].sort(), url)
      if (bearer) t.equal((await call(method, url)).statusCode, 401, `${method} ${url} without a token`)
    }
  }
})

t.test('an override header changes no method', async (t) => {
  const { call, signUp } = await buildTestApp(t)
  const { id, access } = await signUp()
  const headers = { 'x-http-method-override': 'PUT' }
  const response = await call('POST', `/api/profile/${id}/update/`, { token: access, json: {}, headers })
  t.equal(response.statusCode, 405)
})
