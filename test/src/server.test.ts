import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import t from 'tap'
import { encodeForm, eventually, PASSWORD, SECRET } from '../helper.ts'
import { jpeg } from '../pictures.ts'
import { MAIN, run, startService } from '../service.ts'

const account = { username: 'ada', email: 'ada@example.com', password: PASSWORD }

const post = (url: string, body: object) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

t.test(
  'a new service says where it listens and how to make the first account; later it does not',
  async (t) => {
    const folder = t.testdir()
    const first = await startService(t, folder)
    t.match(first.stderr(), /There is no account yet/)
    t.ok(first.stderr().includes(`describes itself at ${first.origin}/docs\n`))
    t.ok(first.stderr().includes(`Make the first one at ${first.origin}/account/ or by:\n`))
    const example = /curl (\S+) -H 'Content-Type: application\/json' \\\s+-d '(.+)'/.exec(first.stderr())
    t.equal(example?.[1], `${first.origin}/api/sign-up/`)
    const made = await post(String(example?.[1]), JSON.parse(String(example?.[2])))
    t.equal(made.status, 201)
    t.strictSame(await first.stop(), { code: 0, signal: null })
    const second = await startService(t, folder)
    t.notMatch(second.stderr(), /There is no account yet/)
    await second.stop()
  }
)

t.test('a restart keeps accounts, tokens and pictures', async (t) => {
  const folder = t.testdir()
  const first = await startService(t, folder)
  const { user, access, refresh } = (await (await post(`${first.origin}/api/sign-up/`, account)).json()) as {
    user: { id: number }
    access: string
    refresh: string
  }
  const { body, type } = await encodeForm([['avatar', { bytes: await jpeg() }]])
  const updated = await fetch(`${first.origin}/api/profile/${user.id}/update/`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${access}`, 'content-type': type },
    body: new Uint8Array(body)
  })
  const profile = (await updated.json()) as { avatar: string }
  t.equal(updated.status, 200)
  const picture = Buffer.from(await (await fetch(first.origin + profile.avatar)).arrayBuffer())
  // Not asked to stop: what was acknowledged has to be there all the same.
  await first.stop('SIGKILL')

  const second = await startService(t, folder)
  const read = await fetch(`${second.origin}/api/profile/`, {
    headers: { authorization: `Bearer ${access}` }
  })
  t.strictSame(await read.json(), profile)
  t.strictSame(Buffer.from(await (await fetch(second.origin + profile.avatar)).arrayBuffer()), picture)
  t.equal((await post(`${second.origin}/api/token/refresh/`, { refresh })).status, 200)
  t.equal((await post(`${second.origin}/api/sign-in/`, account)).status, 200)
  await second.stop()
})

t.test('SIGTERM lets a request in flight finish, then ends the process', async (t) => {
  const service = await startService(t, t.testdir(), { LOG_LEVEL: 'debug' })
  const { port } = new URL(service.origin)
  const body = JSON.stringify(account)
  const socket = connect(Number(port), '127.0.0.1')
  let answer = ''
  socket.setEncoding('utf8').on('data', (text) => {
    answer += text
  })
  socket.write(
    `POST /api/sign-up/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
  )
  socket.write(body.slice(0, 5))
  await eventually('the request came in', () => service.stdout().includes('incoming request'))
  const stopped = service.stop()
  await eventually('the service stopped listening', () =>
    fetch(service.origin).then(
      () => false,
      () => true
    )
  )
  socket.write(body.slice(5))
  t.strictSame(await stopped, { code: 0, signal: null })
  t.match(answer, /^HTTP\/1\.1 201 /)
})

t.test('a request that never ends does not keep the process longer than SHUTDOWN_TIMEOUT', async (t) => {
  const service = await startService(t, t.testdir(), { SHUTDOWN_TIMEOUT: '1', LOG_LEVEL: 'debug' })
  const socket = connect(Number(new URL(service.origin).port), '127.0.0.1')
  socket.on('error', () => {})
  socket.write(
    'POST /api/sign-up/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{'
  )
  await eventually('the request came in', () => service.stdout().includes('incoming request'))
  t.strictSame(await service.stop(), { code: 1, signal: null })
})

t.test('a setting that can’t be used ends the start with one line that names it', async (t) => {
  const folder = t.testdir()
  const { code, stdout, stderr } = await run(folder, { env: { AVATAR_MAX_SIDE: 'big' } }).ended
  t.equal(code, 1)
  t.equal(stdout, '')
  t.equal(
    stderr,
    'fastify-user-profile could not start: AVATAR_MAX_SIDE: expected a whole number from 16 to 2048, not "big"\n'
  )
  t.notOk(existsSync(`${folder}/data`))
})

t.test('a Node that is too old gets one clear sentence', async (t) => {
  for (const version of ['12.0.0', '20.1.0', '22.17.9', '23.5.0']) {
    const pretend =
      `data:text/javascript,Object.defineProperty(process, 'versions', { value: { node: '${version}' } });` +
      `Object.defineProperty(process, 'version', { value: 'v${version}' })`
    const { code, stderr } = await run(t.testdir(), { nodeOptions: ['--import', pretend] }).ended
    t.equal(code, 1)
    t.equal(stderr, `fastify-user-profile needs Node.js 22.18 or newer; this is v${version}.\n`)
  }
  t.notMatch(readFileSync(MAIN, 'utf8'), /\?\.|\?\?/, 'Node 12 would stumble over these before it gets there')
})

t.test('an open connection that never sent a request does not hold the shutdown', async (t) => {
  const service = await startService(t, t.testdir())
  const socket = connect(Number(new URL(service.origin).port), '127.0.0.1')
  socket.on('error', () => {})
  await eventually('it connected', () => !socket.connecting)
  t.strictSame(await service.stop(), { code: 0, signal: null })
})

t.test('a connection that was answered and goes on sending does not hold the shutdown', async (t) => {
  const service = await startService(t, t.testdir())
  const socket = connect(Number(new URL(service.origin).port), '127.0.0.1')
  let answer = ''
  socket.setEncoding('utf8').on('data', (text) => {
    answer += text
  })
  socket.on('error', () => {})
  socket.write('PUT /api/profile/1/update/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{')
  await eventually('it was answered', () => answer.startsWith('HTTP/1.1 401'))
  t.strictSame(await service.stop(), { code: 0, signal: null })
})

t.test('what the system refuses is said with the setting that asked for it', async (t) => {
  const folder = t.testdir({ file: 'x' })
  const cases: [env: Record<string, string>, said: RegExp][] = [
    [{ MEDIA_ROOT: './file' }, /^fastify-user-profile could not start: MEDIA_ROOT: /],
    [{ DATABASE_URL: 'sqlite:./file/profile.db' }, /^fastify-user-profile could not start: DATABASE_URL: /],
    [{ DATABASE_URL: `sqlite:${folder}` }, /^fastify-user-profile could not start: DATABASE_URL: /],
    [{ HOST: '192.0.2.1' }, /^fastify-user-profile could not start: HOST, PORT: /]
  ]
  for (const [env, said] of cases) {
    const { code, stderr } = await run(folder, { env: { JWT_SECRET: SECRET, PORT: '0', ...env } }).ended
    t.equal(code, 1)
    t.match(stderr, said)
    t.notMatch(stderr, /^\s+at /m)
  }
})

t.test('a port that is taken is said, without a stack', async (t) => {
  const other = createServer().listen(0, '127.0.0.1')
  t.teardown(() => other.close())
  await eventually('the port was taken', () => other.listening)
  const { port } = other.address() as AddressInfo
  const { code, stderr } = await run(t.testdir(), { env: { PORT: String(port) } }).ended
  t.equal(code, 1)
  t.match(stderr, /could not start: HOST, PORT: listen EADDRINUSE/)
  t.notMatch(stderr, /^\s+at /m)
})
