import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { encodeForm, eventually, PASSWORD } from '../../helper.ts'
import { jpeg } from '../../pictures.ts'
import { startService } from '../../service.ts'

interface OtlpSpan {
  name: string
  traceId: string
  spanId: string
  parentSpanId?: string
  kind: number
  status: { code?: number }
  attributes: { key: string; value: Record<string, unknown> }[]
}

interface OtlpBody {
  resourceSpans: {
    resource: { attributes: OtlpSpan['attributes'] }
    scopeSpans: { spans: OtlpSpan[] }[]
  }[]
}

const SERVER = 2
const ERROR = 2
const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'

const attributesOf = ({ attributes }: Pick<OtlpSpan, 'attributes'>): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

/** What OpenTelemetry's collector is to the service: it takes what is sent by OTLP over HTTP. */
async function startCollector(t: Test) {
  const received: OtlpBody[] = []
  const server = createServer(async (request, response) => {
    received.push((await json(request)) as OtlpBody)
    response.setHeader('content-type', 'application/json').end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close().closeAllConnections())
  const { port } = server.address() as AddressInfo
  return {
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      MAX_EVENT_LOOP_DELAY: '0'
    },
    received,
    spans: () =>
      received.flatMap(({ resourceSpans }) =>
        resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
      )
  }
}

t.test(
  'requests become spans of the trace that they came with, and operations spans of theirs',
  async (t) => {
    const { environment, received, spans } = await startCollector(t)
    const service = await startService(t, t.testdir(), environment)
    const account = { username: 'ada', email: 'ada@example.com', password: PASSWORD }
    const made = await fetch(`${service.origin}/api/sign-up/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(account)
    })
    const { access, refresh, user } = (await made.json()) as {
      access: string
      refresh: string
      user: { id: number }
    }
    const { body, type } = await encodeForm([['avatar', { bytes: await jpeg() }]])
    const traceparent = `00-${TRACE}-${PARENT}-01`
    const updated = await fetch(`${service.origin}/api/profile/${user.id}/update/?token=${access}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${access}`, 'content-type': type, traceparent },
      body: new Uint8Array(body)
    })
    t.equal(updated.status, 200)
    t.equal(updated.headers.get('traceparent'), null)
    await fetch(`${service.origin}/nowhere/${access}`, { headers: { traceparent: `${traceparent}-` } })
    const resumed = await fetch(`${service.origin}/api/session/`, {
      method: 'POST',
      headers: { 'x-same-origin': '1', cookie: `user-profile-session=${refresh}` }
    })
    const [cookie = ''] = /eyJ[^;]+/.exec(String(resumed.headers.get('set-cookie'))) ?? []
    t.ok(cookie)
    // What waits is sent before the end.
    t.strictSame(await service.stop(), { code: 0, signal: null })

    const update = spans().find(({ name }) => name === 'PUT /api/profile/:id/update/')
    t.match(update, { traceId: TRACE, parentSpanId: PARENT, kind: SERVER })
    t.match(update && attributesOf(update), {
      'http.request.method': 'PUT',
      'http.route': '/api/profile/:id/update/',
      'http.response.status_code': 200,
      'url.path': `/api/profile/${user.id}/update/`
    })
    const children = spans().filter(({ parentSpanId }) => parentSpanId === update?.spanId)
    const names = children.map(({ name }) => name)
    for (const name of ['users.findById', 'decoders.prepareAvatar', 'media.put', 'users.update'])
      t.ok(names.includes(name), name)
    t.ok(children.every(({ traceId }) => traceId === TRACE))

    const other = spans().find(({ name }) => name === 'GET')
    t.not(other?.traceId, TRACE, 'a malformed one is nobody’s')
    t.equal(other && attributesOf(other)['http.response.status_code'], 404)
    const sent = JSON.stringify(received)
    for (const secret of [access, refresh, cookie, PASSWORD, account.email]) t.notOk(sent.includes(secret))
    const [resource] = received.flatMap(({ resourceSpans }) => resourceSpans.map((one) => one.resource))
    t.equal(resource && attributesOf(resource)['service.name'], 'fastify-user-profile')

    const line = service
      .stdout()
      .split('\n')
      .find((one) => one.includes('/update/') && one.includes('request completed'))
    t.match(JSON.parse(String(line)), { traceId: TRACE, spanId: update?.spanId })
  }
)

t.test('what fails is told by its span, without what was sent', async (t) => {
  const { environment, spans } = await startCollector(t)
  const service = await startService(t, t.testdir(), environment)
  const { body, type } = await encodeForm([['avatar', { bytes: Buffer.from('GIF89a, or so') }]])
  const made = await fetch(`${service.origin}/api/sign-up/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'bea', email: 'bea@example.com', password: PASSWORD })
  })
  const { access, user } = (await made.json()) as { access: string; user: { id: number } }
  const refused = await fetch(`${service.origin}/api/profile/${user.id}/update/`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${access}`, 'content-type': type },
    body: new Uint8Array(body)
  })
  t.equal(refused.status, 400)
  await service.stop()
  const decoded = spans().find(({ name }) => name === 'decoders.prepareAvatar')
  t.equal(decoded?.status.code, ERROR)
})

t.test('a collector that is away costs spans, one warning, and nothing else', async (t) => {
  const service = await startService(t, t.testdir(), {
    // Nobody listens there.
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    OTEL_EXPORTER_OTLP_TIMEOUT: '300',
    OTEL_BSP_EXPORT_TIMEOUT: '500',
    OTEL_BSP_SCHEDULE_DELAY: '100',
    MAX_EVENT_LOOP_DELAY: '0'
  })
  const warnings = () => service.stdout().split('spans may be lost').length - 1
  await eventually('it was told', async () => {
    t.equal((await fetch(`${service.origin}/api/profile/`)).status, 401)
    return warnings() > 0
  })
  for (let count = 0; count < 20; count++) {
    t.equal((await fetch(`${service.origin}/api/profile/`)).status, 401)
  }
  t.strictSame(await service.stop(), { code: 0, signal: null })
  t.equal(warnings(), 1)
  t.notMatch(service.stderr(), /Error/)
})

t.test('OTEL_SDK_DISABLED leaves it alone', async (t) => {
  const { environment, received } = await startCollector(t)
  const service = await startService(t, t.testdir(), { ...environment, OTEL_SDK_DISABLED: 'true' })
  await fetch(`${service.origin}/api/profile/`)
  await service.stop()
  t.strictSame(received, [])
})
