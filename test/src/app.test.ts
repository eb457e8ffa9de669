import t from 'tap'
import { buildTestApp } from '../helper.ts'

const preflight = (origin: string) => ({
  headers: {
    origin,
    'access-control-request-method': 'PUT',
    'access-control-request-headers': 'authorization, content-type, if-match, if-none-match'
  }
})

t.test('browsers of other origins are let in by CORS_ORIGINS only', async (t) => {
  const { call, signUp } = await buildTestApp(t, {
    env: { CORS_ORIGINS: 'https://app.example.com, http://localhost:5173' }
  })
  const { id, access } = await signUp()
  for (const origin of ['https://app.example.com', 'http://localhost:5173']) {
    const asked = await call('OPTIONS', `/api/profile/${id}/update/`, preflight(origin))
    t.equal(asked.statusCode, 204)
    t.equal(asked.headers['access-control-allow-origin'], origin)
    t.match(asked.headers['access-control-allow-methods'], /PUT/)
    t.match(asked.headers['access-control-allow-headers'], /authorization.*if-match.*if-none-match/i)
    const answer = await call('GET', '/api/profile/', { token: access, headers: { origin } })
    t.equal(answer.headers['access-control-allow-origin'], origin)
    t.match(answer.headers['access-control-expose-headers'], /ETag.*Retry-After/)
    const refused = await call('GET', '/api/profile/', { headers: { origin } })
    t.equal(refused.statusCode, 401)
    t.equal(refused.headers['access-control-allow-origin'], origin, 'a browser may read refusals too')
  }
  const plain = await call('OPTIONS', '/api/sign-in/', { headers: { origin: 'https://app.example.com' } })
  t.equal(plain.statusCode, 204, 'a question that is no preflight is no error')
  const other = await call('OPTIONS', `/api/profile/${id}/update/`, preflight('https://evil.example'))
  t.equal(other.headers['access-control-allow-origin'], undefined)
  const read = await call('GET', '/api/profile/', {
    token: access,
    headers: { origin: 'https://evil.example' }
  })
  t.equal(read.headers['access-control-allow-origin'], undefined)
})

t.test('without CORS_ORIGINS no origin is let in', async (t) => {
  const { call } = await buildTestApp(t)
  const asked = await call('OPTIONS', '/api/sign-in/', preflight('https://app.example.com'))
  t.equal(asked.statusCode, 405)
  t.equal(asked.headers['access-control-allow-origin'], undefined)
})

t.test('Node waits longer for a request than an upload may take', async (t) => {
  for (const [seconds, waits] of [
    ['1', 120_000],
    ['120', 130_000],
    ['3600', 3_610_000]
  ] as const) {
    const { app } = await buildTestApp(t, { env: { UPLOAD_TIMEOUT: seconds } })
    t.equal(app.server.requestTimeout, waits)
  }
})

t.test('a request’s id is ours, not its sender’s', async (t) => {
  const lines: string[] = []
  const logger = { level: 'info', stream: { write: (line: string) => void lines.push(line) } }
  const { call } = await buildTestApp(t, { logger })
  await call('GET', '/api/profile/', { headers: { 'request-id': 'forged', 'x-request-id': 'forged' } })
  t.match(JSON.parse(lines[0] ?? '{}').reqId, /^[0-9a-f-]{36}$/)
  t.notMatch(lines.join(''), /forged/)
})
