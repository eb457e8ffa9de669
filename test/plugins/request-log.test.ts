import t, { type Test } from 'tap'
import { loggerFor } from '../../src/app.ts'
import { buildTestApp } from '../helper.ts'

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/
const LEVELS = { debug: 20, info: 30, error: 50 }

/** The service with a log that is kept line by line. */
async function buildLogged(t: Test, level: string) {
  const lines: Record<string, unknown>[] = []
  const stream = { write: (line: string) => void lines.push(JSON.parse(line)) }
  const service = await buildTestApp(t, { logger: { ...loggerFor(level), stream } })
  /** What is logged from here on. */
  const logged = () => {
    lines.length = 0
    return lines
  }
  return { ...service, logged }
}

t.test('a request is one line, whatever its answer', async (t) => {
  const { call, signUp, logged } = await buildLogged(t, 'info')
  const ada = await signUp()
  const cases: [
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    token: string | undefined,
    status: number
  ][] = [
    ['GET', '/api/profile/', ada.access, 200],
    ['GET', '/api/profile/', undefined, 401],
    ['GET', '/api/profile/', 'garbage', 401],
    ['POST', '/api/sign-in/', undefined, 400],
    ['GET', '/api/profile/999999/', ada.access, 404],
    ['GET', '/nowhere', undefined, 404],
    ['GET', '/api/sign-in/', undefined, 405],
    ['DELETE', `/api/profile/${ada.id}/delete/`, ada.access, 204]
  ]
  for (const [method, path, token, status] of cases) {
    const lines = logged()
    const response = await call(method, `${path}?page=1`, { token, ...(method === 'POST' && { json: {} }) })
    t.equal(response.statusCode, status)
    t.equal(lines.length, 1, `${method} ${path} ${status}`)
    const [line = {}] = lines
    t.strictSame(line.req, { method, path, ip: '127.0.0.1' })
    t.match(line, { level: LEVELS.info, msg: 'request completed', reqId: UUID, res: { statusCode: status } })
    t.type(line.responseTime, 'number')
    t.ok(Number(line.responseTime) >= 0)
    t.equal(Number(line.responseTime), Number(Number(line.responseTime).toFixed(2)), 'in hundredths at most')
  }
})

t.test('each request has an id of its own, which no client chooses', async (t) => {
  const { call, logged } = await buildLogged(t, 'info')
  const lines = logged()
  for (let count = 0; count < 2; count++) {
    await call('GET', '/api/profile/', { headers: { 'request-id': 'mine', 'x-request-id': 'mine' } })
  }
  t.equal(lines.length, 2)
  t.not(lines[0]?.reqId, lines[1]?.reqId)
  t.match(lines, [{ reqId: UUID }, { reqId: UUID }])
})

t.test('at debug another line says before it that the request came in', async (t) => {
  const { call, signUp, logged } = await buildLogged(t, 'debug')
  const { access } = await signUp()
  const lines = logged()
  t.equal((await call('GET', '/api/profile/', { token: access })).statusCode, 200)
  t.equal(lines.length, 2)
  const req = { method: 'GET', path: '/api/profile/', ip: '127.0.0.1' }
  t.match(lines, [
    { level: LEVELS.debug, msg: 'incoming request', req },
    { level: LEVELS.info, msg: 'request completed', req, res: { statusCode: 200 } }
  ])
  t.equal(lines[0]?.reqId, lines[1]?.reqId)
  t.notOk('res' in (lines[0] ?? {}))
})

t.test('at warn a request leaves no line, and a fault its own', async (t) => {
  const { app, call, signUp, logged } = await buildLogged(t, 'warn')
  const { access } = await signUp()
  const lines = logged()
  t.equal((await call('GET', '/api/profile/', { token: access })).statusCode, 200)
  t.equal(lines.length, 0)
  t.intercept(app.stores.users, 'findById', { value: async () => Promise.reject(new Error('a fault')) })
  const response = await call('GET', '/api/profile/', { token: access })
  t.equal(response.statusCode, 500)
  t.match(lines, [{ level: LEVELS.error, err: { message: 'a fault' }, reqId: UUID }])
  t.equal(lines.length, 1)
})
