import t from 'tap'
import { readTraceContext } from '../../../plugins/tracing/trace-context.ts'
import { loggerFor } from '../../../src/app.ts'
import { buildTestApp } from '../../helper.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'
const KNOWN = { traceId: TRACE, spanId: SPAN }

t.test('a traceparent is taken as the standard has it, or not at all', async (t) => {
  const cases: [traceparent: string | undefined, taken: boolean][] = [
    [`00-${TRACE}-${SPAN}-01`, true],
    [`00-${TRACE}-${SPAN}-00`, true],
    [`00-${TRACE}-${SPAN}-ff`, true],
    [`01-${TRACE}-${SPAN}-01`, true],
    [`cc-${TRACE}-${SPAN}-01-what the future will be like`, true],
    [undefined, false],
    ['', false],
    [`00-${TRACE}-${SPAN}-01-more`, false],
    [`00-${TRACE}-${SPAN}-01-`, false],
    [`cc-${TRACE}-${SPAN}-01.more`, false],
    [`ff-${TRACE}-${SPAN}-01`, false],
    [`0-${TRACE}-${SPAN}-01`, false],
    [`00-${TRACE}-${SPAN}-1`, false],
    [`00-${TRACE}-${SPAN}`, false],
    [`00-${TRACE}-${SPAN}-.1`, false],
    [`00-${'0'.repeat(32)}-${SPAN}-01`, false],
    [`00-${TRACE}-${'0'.repeat(16)}-01`, false],
    [`00-${TRACE.toUpperCase()}-${SPAN}-01`, false],
    [`00-${TRACE.slice(1)}-${SPAN}-01`, false],
    [`00-${TRACE}0-${SPAN}-01`, false],
    [`00-${TRACE}-${SPAN.slice(1)}g-01`, false],
    [` 00-${TRACE}-${SPAN}-01`, false],
    [`00-${TRACE}-${SPAN}-01\n{"level":60}`, false],
    [`cc-${TRACE}-${SPAN}-01-\n{"level":60}`, false],
    [`00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`, false],
    [`cc-${TRACE}-${SPAN}-01-${'x'.repeat(100_000)}`, false]
  ]
  for (const [traceparent, taken] of cases)
    t.strictSame(
      readTraceContext(traceparent === undefined ? {} : { traceparent }),
      taken ? KNOWN : undefined,
      String(traceparent).slice(0, 100)
    )
})

t.test('each line of a request names its trace, and lines of others none', async (t) => {
  const lines: Record<string, unknown>[] = []
  const stream = { write: (line: string) => void lines.push(JSON.parse(line)) }
  const { app, call } = await buildTestApp(t, { logger: { ...loggerFor('debug'), stream } })
  lines.length = 0
  const traced = await call('GET', '/api/profile/', { headers: { traceparent: `00-${TRACE}-${SPAN}-01` } })
  t.equal(traced.statusCode, 401)
  t.strictSame(
    lines.map(({ msg, traceId, spanId }) => [msg, traceId, spanId]),
    ['incoming request', 'refused', 'request completed'].map((msg) => [msg, TRACE, SPAN])
  )
  t.notOk(traced.headers.traceparent, 'nobody asked for it')
  lines.length = 0
  const hostile = { traceparent: `00-${TRACE}-${SPAN}-01-"}`, 'request-id': 'mine' }
  await call('GET', '/api/profile/', { headers: hostile })
  await call('GET', '/api/profile/')
  t.equal(lines.length, 6)
  for (const line of lines) {
    t.notOk('traceId' in line)
    t.notOk('spanId' in line)
  }
  t.intercept(app.stores.users, 'isEmpty', { value: async () => Promise.reject(new Error('a fault')) })
  lines.length = 0
  await call('GET', '/health/ready', { headers: { traceparent: `00-${TRACE}-${SPAN}-01` } })
  t.match(lines, [{ err: { message: 'a fault' }, traceId: TRACE, spanId: SPAN }])
})
