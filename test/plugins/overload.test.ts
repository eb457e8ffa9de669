import t from 'tap'
import { buildTestApp, eventually } from '../helper.ts'

/** Keeps the event loop from going on. */
function block(milliseconds: number): void {
  for (const until = performance.now() + milliseconds; performance.now() < until; );
}

t.test(
  'while the event loop is late requests get 503, health goes on, and it recovers by itself',
  async (t) => {
    const lines: string[] = []
    const logger = { level: 'info', stream: { write: (line: string) => void lines.push(line) } }
    const { call, update, signUp, row } = await buildTestApp(t, {
      env: { MAX_EVENT_LOOP_DELAY: '50' },
      logger
    })
    const account = await signUp()
    const before = row(account.id)
    await eventually('it refused', async () => {
      block(300)
      return (await call('GET', '/api/profile/')).statusCode === 503
    })
    const refused = await update(account, { json: { first_name: 'Late' } })
    t.equal(refused.statusCode, 503)
    t.match(refused.headers['retry-after'], /^\d+$/)
    t.strictSame(refused.json(), { error: 'The service is temporarily unavailable. Try again later.' })
    t.strictSame(row(account.id), before, 'nothing of it was written')
    t.equal((await call('GET', '/health/live')).statusCode, 200)
    t.equal((await call('GET', '/health/ready')).statusCode, 200)
    await eventually(
      'it answers again',
      async () => (await update(account, { json: { first_name: 'Later' } })).statusCode === 200
    )
    const told = lines.filter((line) => line.includes('can’t keep up'))
    t.equal(told.length, 1, 'the log says so once, not for each request')
    t.notOk(
      lines.some((line) => JSON.parse(line).level >= 50),
      'it is no error'
    )
  }
)

t.test('a start that keeps the event loop is no reason to refuse the first requests', async (t) => {
  const { call } = await buildTestApp(t, { env: { MAX_EVENT_LOOP_DELAY: '50' } })
  block(1500)
  // The measurement is a timer's, which comes first.
  await new Promise((resolve) => setTimeout(resolve, 50))
  t.equal((await call('GET', '/api/profile/')).statusCode, 401)
})

t.test('MAX_EVENT_LOOP_DELAY=0 refuses nobody', async (t) => {
  const { call } = await buildTestApp(t, { env: { MAX_EVENT_LOOP_DELAY: '0' } })
  block(1500)
  await new Promise((resolve) => setTimeout(resolve, 50))
  t.equal((await call('GET', '/api/profile/')).statusCode, 401)
})
