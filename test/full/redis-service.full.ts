import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { eventually, PASSWORD, unique } from '../helper.ts'
import { type Service, signInAt, startService } from '../service.ts'
import { type RedisServer, startRedis } from './redis-server.ts'

const LOST = 'Redis is away: until it is back each node limits by itself'
const BACK = 'Redis is back: nodes limit together again'

const SIGN_INS_A_MINUTE = 40

interface Line {
  level: number
  msg: string
  reason?: string
  err?: unknown
}

const linesOf = (node: Service): Line[] =>
  node
    .stdout()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))

const ofRedis = (node: Service) => linesOf(node).filter(({ msg }) => msg.startsWith('Redis'))

/** Nodes of the same service with one Redis: what else they share is of no matter here. */
async function startNodes(
  t: Test,
  { url }: Pick<RedisServer, 'url'>,
  { count = 2, env = {} }: { count?: number; env?: Record<string, string> } = {}
): Promise<[Service, ...Service[]]> {
  const settings = {
    RATE_LIMIT: 'on',
    RATE_LIMITS: `signIn=${SIGN_INS_A_MINUTE},signUp=1000`,
    MAX_EVENT_LOOP_DELAY: '0',
    REDIS_URL: url,
    ...env
  }
  const [first, ...more] = await Promise.all(
    Array.from({ length: count }, () => {
      const folder = mkdtempSync(join(tmpdir(), 'node-'))
      t.teardown(() => rmSync(folder, { recursive: true, force: true }))
      return startService(t, folder, settings)
    })
  )
  if (!first) throw new Error('no node')
  return [first, ...more]
}

/** Sign-ins that are refused before anything is hashed, all at once and in turn over the nodes; how many passed. */
async function passing(nodes: readonly Service[], attempts: number): Promise<number> {
  const statuses = await Promise.all(
    Array.from({ length: attempts }, async (_, attempt) => {
      const origin = nodes[attempt % nodes.length]?.origin ?? ''
      const response = await fetch(`${origin}/api/sign-in/`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"email": "nobody@example.com"}'
      })
      const { status } = response
      if (status === 429 && !(Number(response.headers.get('retry-after')) > 0))
        throw new Error('no Retry-After')
      await response.arrayBuffer()
      if (status !== 400 && status !== 429) throw new Error(`answered ${status}`)
      return status
    })
  )
  return statuses.filter((status) => status === 400).length
}

async function signUp({ origin }: Service, name: string): Promise<string> {
  const email = `${name}@example.com`
  const response = await fetch(`${origin}/api/sign-up/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: name, email, password: PASSWORD })
  })
  if (response.status !== 201) throw new Error(`sign-up answered ${response.status}`)
  return email
}

const isBack = (node: Service) => ofRedis(node).at(-1)?.msg === BACK

t.test('of many requests at once, over two nodes as many pass as may over one', async (t) => {
  const nodes = await startNodes(t, await startRedis(t))
  t.equal(await passing(nodes, 100), SIGN_INS_A_MINUTE)
  t.equal(await passing(nodes, 10), 0)
  t.strictSame(nodes.map(ofRedis), [[], []], 'nothing is said of a Redis that is there')
})

t.test('wrong passwords of one account are checked ten times, over two nodes together', async (t) => {
  const redis = await startRedis(t)
  const nodes = await startNodes(t, redis, { env: { RATE_LIMITS: 'signIn=100000' } })
  const name = unique('ada')
  const [email] = await Promise.all(nodes.map((node) => signUp(node, name)))
  const guess = async (attempt: number, password: string) => {
    const response = await signInAt(nodes[attempt % 2]?.origin ?? '', email ?? '', password)
    await response.arrayBuffer()
    return response.status
  }
  const statuses = await Promise.all(Array.from({ length: 60 }, (_, attempt) => guess(attempt, 'wrong')))
  t.equal(statuses.filter((status) => status === 400).length, 10)
  t.equal(statuses.filter((status) => status === 429).length, 50)
  for (const attempt of [0, 1]) t.equal(await guess(attempt, PASSWORD), 429, 'the right one has to wait too')

  const client = new Redis(redis.url)
  t.teardown(() => client.disconnect())
  const keys = await client.keys('*')
  t.notMatch(keys.join(), new RegExp(name), 'nobody’s name is kept')
  for (const key of keys) t.ok((await client.pttl(key)) > 0, `${key} goes by itself`)
  await client.del(...keys.filter((key) => key.includes(':account:')))
  for (let attempt = 0; attempt < 9; attempt++) t.equal(await guess(attempt, 'wrong'), 400)
  t.equal(await guess(0, PASSWORD), 200)
  for (let attempt = 0; attempt < 9; attempt++)
    t.equal(await guess(attempt, 'wrong'), 400, 'a success on one node clears the account on the other')
})

for (const [name, leave, come] of [
  ['is killed', 'stop', 'start'],
  ['hangs', 'pause', 'resume']
] as const) {
  t.test(`a Redis that ${name} under traffic: requests go on, each node limits by itself`, async (t) => {
    const redis = await startRedis(t)
    const nodes = await startNodes(t, redis)
    let goesOn = true
    const failures: unknown[] = []
    const traffic = nodes.map(async ({ origin }) => {
      while (goesOn)
        await fetch(`${origin}/api/profile/`).then(
          async (response) => {
            if (response.status !== 401 && response.status !== 429) failures.push(response.status)
            await response.arrayBuffer()
          },
          (error) => failures.push(error)
        )
    })
    t.equal(await passing(nodes, 100), SIGN_INS_A_MINUTE)
    await redis[leave]()
    await eventually('both have noticed', () => nodes.every((node) => ofRedis(node).length === 1))
    for (const node of nodes) t.equal(await passing([node], 60), SIGN_INS_A_MINUTE)
    await redis[come]()
    await eventually('both are back', () => nodes.every(isBack))
    const client = new Redis(redis.url)
    t.teardown(() => client.disconnect())
    await client.flushall()
    t.equal(await passing(nodes, 100), SIGN_INS_A_MINUTE, 'they count together again')
    goesOn = false
    await Promise.all(traffic)
    t.strictSame(failures, [])
    for (const node of nodes) {
      t.strictSame(
        ofRedis(node).map(({ msg }) => msg),
        [LOST, BACK]
      )
      t.strictSame(
        linesOf(node).filter(({ level, msg }) => level > 30 && msg !== LOST),
        [],
        'nothing else goes wrong'
      )
    }
  })
}

t.test('a Redis that is started after the service is used as soon as it is there', async (t) => {
  const redis = await startRedis(t)
  await redis.stop()
  const nodes = await startNodes(t, redis)
  for (const node of nodes) t.equal(await passing([node], 50), SIGN_INS_A_MINUTE)
  await redis.start()
  await eventually('both are back', () => nodes.every(isBack))
  t.equal(await passing(nodes, 100), SIGN_INS_A_MINUTE)
})

t.test(
  'a Redis that refuses to count is as one that is away, and the log says why, without the password',
  async (t) => {
    const open = (args: string[]) => startRedis(t, { password: 'hunter2', args })
    const [whole, full, replica] = await Promise.all([
      open([]),
      open(['--maxmemory', '1mb']),
      open(['--replicaof', '127.0.0.1', '1'])
    ])
    const cases: [url: string, reason: RegExp][] = [
      [whole?.url.replace('hunter2', 'hunter3') ?? '', /^WRONGPASS /],
      [whole?.url.replace(':hunter2@', '') ?? '', /^NOAUTH /],
      [full?.url ?? '', /^OOM command not allowed/],
      [replica?.url ?? '', /^READONLY /]
    ]
    for (const [url, reason] of cases) {
      const [node] = await startNodes(t, { url }, { count: 1 })
      t.equal(await passing([node], 60), SIGN_INS_A_MINUTE)
      await eventually('it is said', () => ofRedis(node).length > 0)
      t.match(ofRedis(node)[0]?.reason, reason)
      const { code } = await node.stop()
      t.equal(code, 0)
      t.equal(ofRedis(node).length, 1)
      t.notMatch(node.stdout() + node.stderr(), /hunter/)
    }
    const nodes = await startNodes(t, whole)
    t.equal(await passing(nodes, 100), SIGN_INS_A_MINUTE, 'the right password lets in')
    t.strictSame(nodes.map(ofRedis), [[], []])
  }
)

t.test('a primary that becomes a replica, and a primary again, is used again', async (t) => {
  const redis = await startRedis(t)
  const nodes = await startNodes(t, redis)
  const client = new Redis(redis.url)
  t.teardown(() => client.disconnect())
  await client.replicaof('127.0.0.1', '1')
  for (const node of nodes) t.equal(await passing([node], 60), SIGN_INS_A_MINUTE)
  await client.replicaof('NO', 'ONE')
  await eventually('both are back', () => nodes.every(isBack))
  await client.flushall()
  t.equal(await passing(nodes, 100), SIGN_INS_A_MINUTE)
})

t.test('over TLS, to a certificate that is trusted and to no other', async (t) => {
  const folder = t.testdir()
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-keyout', key, '-out', cert]
  execFileSync('openssl', [...made, ...subject], { stdio: 'ignore' })
  const redis = await startRedis(t, { password: 'hunter2', tls: { cert, key } })
  const trusting = await startNodes(t, redis, { env: { NODE_EXTRA_CA_CERTS: cert } })
  t.equal(await passing(trusting, 100), SIGN_INS_A_MINUTE)
  t.strictSame(trusting.map(ofRedis), [[], []])
  const [other] = await startNodes(t, redis, { count: 1 })
  t.equal(await passing([other], 60), SIGN_INS_A_MINUTE)
  t.match(ofRedis(other)[0]?.reason, /self.signed certificate/)
})
