import { Agent, request } from 'node:http'
import t from 'tap'
import { eventually } from '../../helper.ts'
import { answerOf, listening, open } from '../../raw-http.ts'
import { startService } from '../../service.ts'

/** Asks over a connection that is kept where it may be, and answers what it was told of it. */
function ask(
  origin: string,
  path: string,
  agent: Agent
): Promise<{ status: number | undefined; connection: string | undefined }> {
  return new Promise((resolve, reject) => {
    const sent = request(origin + path, { agent }, (response) => {
      response.resume().once('end', () => {
        resolve({ status: response.statusCode, connection: response.headers.connection })
      })
    })
    sent.once('error', reject).end()
  })
}

t.test('on SIGTERM a node turns unready, and answers on until its time is over', async (t) => {
  const service = await startService(t, t.testdir(), { DRAIN_DELAY: '5', MAX_EVENT_LOOP_DELAY: '0' })
  const agent = new Agent({ keepAlive: true })
  t.teardown(() => agent.destroy())
  const ready = { status: 200, connection: 'keep-alive' }
  t.strictSame(await ask(service.origin, '/health/ready', agent), ready)
  const stopped = service.stop()
  await eventually('it is draining', () => service.stdout().includes('"msg":"draining'))
  t.strictSame(await ask(service.origin, '/health/ready', agent), { status: 503, connection: 'close' })
  t.strictSame(await ask(service.origin, '/health/live', agent), { status: 200, connection: 'close' })
  t.strictSame(await ask(service.origin, '/openapi.json', agent), { status: 200, connection: 'close' })
  t.strictSame(await ask(service.origin, '/api/profile/', agent), { status: 401, connection: 'close' })
  t.notMatch(service.stdout(), /"level":50/, 'nothing is wrong')
  t.strictSame(await stopped, { code: 0, signal: null })
  t.match(service.stdout(), /"msg":"stopped"/)
})

t.test('Ctrl-C waits for no balancer', async (t) => {
  const service = await startService(t, t.testdir(), { DRAIN_DELAY: '3600' })
  t.strictSame(await service.stop('SIGINT'), { code: 0, signal: null })
})

t.test('who connected before the service stopped listening is answered, not reset', async (t) => {
  const { app, port } = await listening(t)
  const sockets = await Promise.all(Array.from({ length: 20 }, () => open(port)))
  const answers = sockets.map(answerOf)
  const closed = app.close()
  for (const socket of sockets) socket.write('GET /api/profile/ HTTP/1.1\r\nHost: x\r\n\r\n')
  for (const answer of await Promise.all(answers)) {
    t.match(answer, /^HTTP\/1\.1 401 Unauthorized\r\n/)
    t.match(answer, /^connection: close\r$/im)
  }
  await closed
  await t.rejects(open(port), { code: 'ECONNREFUSED' })
})

t.test('a kept connection that is used as the service stops is answered, and then ends', async (t) => {
  const { app, port } = await listening(t)
  const socket = await open(port)
  const first = answerOf(socket)
  socket.write('GET /api/profile/ HTTP/1.1\r\nHost: x\r\n\r\n')
  t.match(await first, /^connection: keep-alive\r$/im)
  const closed = app.close()
  await eventually('it stopped listening', () => !app.server.listening)
  const second = answerOf(socket)
  socket.write('GET /api/profile/ HTTP/1.1\r\nHost: x\r\n\r\n')
  const text = await second
  t.match(text, /^HTTP\/1\.1 401 Unauthorized\r\n/)
  t.match(text, /^connection: close\r$/im)
  await closed
})
