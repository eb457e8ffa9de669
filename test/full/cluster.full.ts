import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import t from 'tap'
import { freePort } from '../../bench/harness/processes.ts'
import { startCluster } from '../../torture/harness/cluster/cluster.ts'
import { createNginxPart } from '../../torture/harness/cluster/nginx-part.ts'
import { createNodePart } from '../../torture/harness/cluster/node-part.ts'
import { tokenId } from '../../torture/harness/known-account.ts'
import { filesIn, straysIn } from '../../torture/harness/media-folder.ts'
import { eventually, PASSWORD } from '../helper.ts'
import { noise } from '../pictures.ts'
import { ask, profileAt, refreshAt, signIn, signUp } from './cluster-client.ts'

const CONTRACT = fileURLToPath(new URL('../../../shared/contract/run.mjs', import.meta.url))
const CONTRACT_CASES = 65
/** Requests a minute of one kind, where they are limited. */
const LIMIT = 6
/** Wrong passwords of one account. */
const ATTEMPTS = 10

const folder = mkdtempSync(join(tmpdir(), 'cluster-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
const cluster = await startCluster({ folder, nodes: 4 })
t.teardown(() => cluster.end())
const { nodes, s3, settings } = cluster
const [one, two] = [nodes[0].origin, nodes[1].origin]
const originAt = (index: number) => nodes[index % nodes.length]?.origin ?? one
const firstTwo = nodes.slice(0, 2)

async function sql(text: string, values: unknown[]): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: cluster.postgres.url() })
  await client.connect()
  try {
    return await client.query(text, values)
  } finally {
    await client.end()
  }
}

async function contractAt(origin: string): Promise<string> {
  const env = { JWT_SECRET: settings.JWT_SECRET ?? '' }
  const { stdout } = await promisify(execFile)(process.execPath, [CONTRACT, origin], { env }).catch(
    (error: { stdout: string }) => error
  )
  return stdout
}

t.test('the contract holds through nginx', async (t) => {
  const ports = firstTwo.map(({ port }) => port)
  const withTwo = await cluster.startBeside(createNginxPart(folder, ports, 'nginx-of-two'))
  t.equal(await contractAt(withTwo.origin), `${CONTRACT_CASES} passed, 0 failed\n`, 'with two nodes')
  await withTwo.stop()
  t.equal(await contractAt(cluster.origin), `${CONTRACT_CASES} passed, 0 failed\n`, 'and with four')
})

t.test('what nginx answers by itself is in the interface’s words', async (t) => {
  const { id, access: token } = await signUp(one)
  const path = `/api/profile/${id}/update/`
  const upload = (megabytes: number) =>
    ask(cluster.origin, path, { token, avatar: { bytes: Buffer.alloc(megabytes << 20, 1) }, method: 'PATCH' })
  t.match(await upload(11), { status: 413, body: { avatar: [/no larger than 10 MB/] } }, 'the service’s own')
  t.match(await upload(13), { status: 413, body: { detail: 'The request body is too large.' } })

  const ports = [await freePort(), await freePort()]
  const alone = await cluster.startBeside(createNginxPart(folder, ports, 'nginx-alone'))
  const error = 'The service is temporarily unavailable. Try again later.'
  for (let tries = 0; tries < 4; tries++)
    t.match(await profileAt(alone.origin, token), { status: 502, body: { error } }, 'no node is there')
})

t.test('of many who want one name at once, at any node, one gets it', async (t) => {
  const spellings = ['anna', 'Anna', 'ANNA', 'ａｎｎａ']
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => {
      const json = { username: spellings[index % 4], email: `anna${index}@example.com`, password: PASSWORD }
      return ask(originAt(index), '/api/sign-up/', { json })
    })
  )
  const refused = answers.filter(({ status }) => status !== 201)
  t.equal(answers.length - refused.length, 1)
  t.strictSame([...new Set(refused.map(({ status }) => status))], [400])
  t.ok(refused.every(({ body }) => Object.keys(body).join() === 'username'))
  const { rowCount } = await sql('select from users where username_key = $1', ['anna'])
  t.equal(rowCount, 1)

  const email = 'bert@example.com'
  const bodies = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      ask(originAt(index), '/api/sign-up/', { json: { username: `bert${index}`, email, password: PASSWORD } })
    )
  )
  t.equal(bodies.filter(({ status }) => status === 201).length, 1, 'of one address too')
})

t.test('a refresh token that two nodes get at once works as at one', async (t) => {
  const { refresh } = await signUp(one)
  const both = await Promise.all([refreshAt(one, refresh), refreshAt(two, refresh)])
  t.strictSame(
    both.map(({ status }) => status),
    [200, 200],
    'within the grace both get a next one'
  )
  const [first, second] = both.map(({ body }) => body)
  t.not(first.refresh, second.refresh)
  const next = await refreshAt(two, first.refresh)
  t.equal(next.status, 200, 'which works at the other node')

  await sql('update refresh_tokens set used_at = used_at - 60000 where jti = $1', [tokenId(refresh)])
  t.match(await refreshAt(two, refresh), { status: 401, body: { code: 'token_not_valid' } }, 'not after it')
  for (const [origin, token] of [
    [one, second.refresh],
    [two, next.body.refresh]
  ])
    t.match(await refreshAt(origin, token), { status: 401 }, 'and ends the whole family at every node')
  t.equal((await profileAt(one, next.body.access)).status, 200, 'access tokens of it live until they expire')
})

t.test('what one node revokes, every other refuses in the very next request', async (t) => {
  const revocations: Record<string, (origin: string, token: string, id: number) => Promise<unknown>> = {
    'a sign-out everywhere': (origin, token) =>
      ask(origin, '/api/sign-out-everywhere/', { token, method: 'POST' }),
    'a new password': (origin, token, id) =>
      ask(origin, `/api/profile/${id}/password/`, {
        token,
        json: { current_password: PASSWORD, new_password: 'another horse 43' }
      }),
    'a deletion': (origin, token, id) =>
      ask(origin, `/api/profile/${id}/delete/`, { token, method: 'DELETE' }),
    'a deactivation': (_origin, _token, id) => sql('update users set is_active = false where id = $1', [id])
  }
  for (const [what, revoke] of Object.entries(revocations)) {
    const { id, email, access, refresh } = await signUp(one)
    for (const { origin } of nodes) t.equal((await profileAt(origin, access)).status, 200)
    await revoke(two, access, id)
    for (const { origin } of nodes) t.equal((await profileAt(origin, access)).status, 401, what)
    t.equal((await refreshAt(one, refresh)).status, 401, `${what} ends sessions`)
    const passwords = [PASSWORD, 'another horse 43']
    const taken = await Promise.all(passwords.map((password) => signIn(one, email, password)))
    const expected = { 'a sign-out everywhere': [200, 400], 'a new password': [400, 200] }[what] ?? [400, 400]
    t.strictSame(
      taken.map(({ status }) => status),
      expected,
      `${what}: the passwords that are good now`
    )
  }
})

t.test('of a picture that is replaced at two nodes at once, the row’s is left', async (t) => {
  const { id, access: token } = await signUp(one)
  const pictures = await Promise.all(
    [40, 50, 60, 70].map(async (side) => ({ bytes: await (await noise(side, side)).png().toBuffer() }))
  )
  for (let round = 0; round < 5; round++) {
    const answers = await Promise.all(
      pictures.map((avatar, index) =>
        ask(originAt(index), `/api/profile/${id}/update/`, { token, avatar, method: 'PATCH' })
      )
    )
    t.strictSame([...new Set(answers.map(({ status }) => status))], [200])
    const { avatar } = (await profileAt(two, token)).body
    t.ok(answers.some(({ body }) => body.avatar === avatar))
    const rows = await cluster.readRows()
    t.equal(`/media/avatars/${rows.users.get(id)?.avatar}`, avatar)
    await eventually('no other is in the bucket', () => straysIn(s3.folder, rows).length === 0)
    for (const { body } of answers) {
      const { status } = await ask(originAt(round), body.avatar)
      t.equal(status, body.avatar === avatar ? 200 : 404)
    }
  }
  await ask(one, `/api/profile/${id}/update/`, { token, json: { avatar: null }, method: 'PATCH' })
  const rows = await cluster.readRows()
  t.strictSame(straysIn(s3.folder, rows), [])
  for (const { uploads, name } of nodes) t.strictSame(filesIn(uploads), [], name)
})

t.test('nodes limit together', async (t) => {
  const limited = { ...settings, RATE_LIMIT: 'on', RATE_LIMITS: `avatar=${LIMIT},signIn=1000` }
  const made = ['limited-1', 'limited-2'].map((name) => createNodePart(folder, name, limited))
  const both = await Promise.all(made.map((part) => cluster.startBeside(part)))
  const origins = both.map(({ origin }) => origin)
  const at = (index: number) => origins[index % 2] ?? ''

  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, index) => ask(at(index), '/api/avatars/1/', { from: '10.1.2.3' }))
  )
  t.equal(answers.filter(({ status }) => status !== 429).length, LIMIT, 'requests, to the last one')

  const { email } = await signUp(one)
  const wrong = await Promise.all(
    Array.from({ length: 40 }, (_, index) => signIn(at(index), email, `wrong ${index}`, `10.9.0.${index}`))
  )
  t.equal(wrong.filter(({ status }) => status === 400).length, ATTEMPTS, 'wrong passwords, from anywhere')
  t.equal(wrong.filter(({ status }) => status === 429).length, 40 - ATTEMPTS)
  for (const origin of origins)
    t.match(await signIn(origin, email, PASSWORD, '10.8.0.1'), { status: 429 }, 'the right one waits too')

  const ports = both.map(({ port }) => port)
  const balancer = await cluster.startBeside(createNginxPart(folder, ports, 'nginx-of-limited'))
  const lying = await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      ask(balancer.origin, '/api/avatars/1/', { from: `10.3.0.${index}` })
    )
  )
  t.equal(
    lying.filter(({ status }) => status !== 429).length,
    LIMIT,
    'whatever clients say that their addresses are'
  )
})
