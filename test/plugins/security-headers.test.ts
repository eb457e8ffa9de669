import type { HTTPMethods } from 'fastify'
import t from 'tap'
import { buildTestApp } from '../helper.ts'
import { noise } from '../pictures.ts'

t.test('no answer of any kind may be run, framed, sniffed or kept, nor says what made it', async (t) => {
  const { call, signUp, update } = await buildTestApp(t, { env: { LIBRAVATAR: 'on' } })
  const { access: token, ...account } = await signUp()
  const bytes = await (await noise(20, 20)).png().toBuffer()
  const uploaded = await update({ ...account, access: token }, { form: [['avatar', { bytes }]] })
  const { avatar } = uploaded.json()
  const api = "default-src 'none'; frame-ancestors 'none'"
  const picture = "default-src 'none'; sandbox"
  const cases: [
    method: HTTPMethods,
    path: string,
    status: number,
    policy: string | RegExp,
    isKept?: boolean
  ][] = [
    ['GET', '/api/profile/', 200, api],
    ['GET', '/api/profile/7/', 404, api],
    ['PUT', '/api/profile/7/', 405, api],
    ['GET', '/api/nowhere/', 404, api],
    ['GET', '/nowhere', 404, api],
    ['GET', '/%', 404, api],
    ['GET', '/health/live', 200, api],
    ['GET', '/health/ready', 200, api],
    ['GET', avatar, 200, picture, true],
    ['GET', '/media/avatars/none.jpg', 404, api],
    ['GET', `/api/avatars/${account.id}/`, 302, api, true],
    ['GET', '/docs', 302, api, true],
    ['GET', '/docs/', 200, /^default-src 'none'; script-src 'self';.*frame-ancestors 'none'$/, true],
    ['GET', '/openapi.json', 200, api, true]
  ]
  for (const [method, path, status, policy, isKept = false] of cases) {
    const { statusCode, headers } = await call(method, path, { token })
    const name = `${method} ${path}`
    t.equal(statusCode, status, name)
    t.match(headers['content-security-policy'], policy, name)
    t.equal(headers['x-content-type-options'], 'nosniff', name)
    t.equal(headers['referrer-policy'], 'no-referrer', name)
    t.equal(
      headers['cross-origin-resource-policy'],
      path === avatar || (status === 302 && path !== '/docs') ? 'cross-origin' : 'same-origin',
      name
    )
    if (!isKept) t.equal(headers['cache-control'], 'no-store', name)
    for (const banner of ['server', 'x-powered-by', 'via']) t.notOk(headers[banner], `${banner} of ${name}`)
    t.notOk(headers['access-control-allow-origin'], name)
    t.notMatch(JSON.stringify(headers), /fastify|node/i, name)
  }
})
