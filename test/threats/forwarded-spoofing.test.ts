import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { loggerFor } from '../../src/app.ts'
import { type Account, buildTestApp } from '../helper.ts'
import { jpeg } from '../pictures.ts'
import { exchange, rawRequest } from '../raw-exchange.ts'

/**
 * Headers that only proxies may set, sent by whoever connects directly (CVE-2026-3635, CVE-2026-16732): neither what URLs
 * say, nor whom a limit counts, nor whom the log names may come from them.
 */
const HOST = 'evil.example'
const FORGED_ADDRESS = '203.0.113.9'
const LISTS = [
  FORGED_ADDRESS,
  `${FORGED_ADDRESS}, 127.0.0.1`,
  `127.0.0.1, ${FORGED_ADDRESS}`,
  '::ffff:127.0.0.1, ::1'
]

const forged = (list: string): Record<string, string> => ({
  Host: HOST,
  'X-Forwarded-For': list,
  'X-Forwarded-Host': HOST,
  'X-Forwarded-Server': HOST,
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Scheme': 'https',
  'X-Forwarded-Ssl': 'on',
  'X-Forwarded-Port': '4443',
  'X-Forwarded-Prefix': '/evil',
  'X-Forwarded-Uri': '/evil',
  Forwarded: `for=${FORGED_ADDRESS};host=${HOST};proto=https`,
  'X-Real-IP': FORGED_ADDRESS,
  'X-Client-IP': FORGED_ADDRESS,
  'X-Cluster-Client-IP': FORGED_ADDRESS,
  'True-Client-IP': FORGED_ADDRESS,
  'CF-Connecting-IP': FORGED_ADDRESS,
  'X-Original-Host': HOST,
  'X-Original-URL': '/evil',
  'X-Rewrite-URL': '/evil',
  'X-HTTP-Method-Override': 'DELETE'
})

async function logged(t: Test, env: Record<string, string>) {
  const lines: string[] = []
  const logger = { ...loggerFor('debug'), stream: { write: (line: string) => void lines.push(line) } }
  const service = await buildTestApp(t, { env, logger })
  await service.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = service.app.server.address() as AddressInfo
  const send = (method: string, path: string, headers: Record<string, string>, body = '') =>
    exchange(port, rawRequest(method, path, headers, body))
  return { ...service, send, log: () => lines.join(''), addresses: () => addressesIn(lines) }
}

const addressesIn = (lines: readonly string[]): string[] => [
  ...new Set(lines.map((line) => JSON.parse(line).req?.ip).filter((ip) => ip !== undefined))
]

const bearer = ({ access }: Account) => ({ Authorization: `Bearer ${access}` })

t.test('no answer and no line of the log holds what a direct client forged', async (t) => {
  const { send, signUp, update, log, addresses } = await logged(t, { LIBRAVATAR: 'on' })
  const ada = await signUp()
  await update(ada, { form: [['avatar', { bytes: await jpeg() }]] })
  const json = { 'Content-Type': 'application/json' }
  const requests: [method: string, path: string, headers: Record<string, string>, body?: string][] = [
    ['GET', '/api/profile/', bearer(ada)],
    ['PATCH', `/api/profile/${ada.id}/update/`, { ...bearer(ada), ...json }, '{"first_name": "Ada"}'],
    ['GET', `/api/avatars/${ada.id}/`, {}],
    ['GET', `/avatar/${'0'.repeat(64)}`, {}],
    ['GET', '/openapi.json', {}],
    ['GET', '/docs', {}],
    ['GET', '/nowhere', {}],
    ['GET', '/api/sign-in/', {}]
  ]
  for (const [method, path, headers, body] of requests) {
    const plain = await send(method, path, headers, body)
    t.ok(plain.status >= 200 && plain.status < 500, path)
    for (const list of LISTS) {
      const spoofed = await send(method, path, { ...headers, ...forged(list) }, body)
      t.equal(spoofed.status, plain.status, path)
      t.equal(spoofed.body, plain.body, path)
      t.notMatch(spoofed.head, /evil|4443|https:/, path)
      t.equal(/^location: .*$/im.exec(spoofed.head)?.[0], /^location: .*$/im.exec(plain.head)?.[0], path)
    }
  }
  t.strictSame(addresses(), ['127.0.0.1'])
  t.notMatch(log(), /evil\.example|203\.0\.113/)
})

/** Refused before anything is hashed. */
const attempt = (send: Awaited<ReturnType<typeof logged>>['send'], headers: Record<string, string>) =>
  send('POST', '/api/sign-in/', { 'Content-Type': 'application/json', ...headers }, '{}')

t.test('a limit counts the connection’s address, whatever addresses are named', async (t) => {
  const { send } = await logged(t, { RATE_LIMIT: 'on' })
  const statuses: number[] = []
  for (let index = 0; index <= 30; index++) {
    const address = `203.0.113.${index}`
    const headers = Object.fromEntries(
      Object.entries(forged(address)).map(([name, value]) => [name, value.replace(FORGED_ADDRESS, address)])
    )
    statuses.push((await attempt(send, headers)).status)
  }
  t.strictSame(statuses, [...Array(30).fill(400), 429])
})

t.test('behind a trusted proxy it is the address that the proxy added, not one in front of it', async (t) => {
  const { send, addresses } = await logged(t, { RATE_LIMIT: 'on', TRUST_PROXY: '127.0.0.1' })
  const statuses: number[] = []
  for (let index = 0; index <= 30; index++) {
    const headers = {
      'X-Forwarded-For': `10.0.0.1, 203.0.113.${index}, 198.51.100.7`,
      Forwarded: `for=203.0.113.${index}`,
      'X-Real-IP': `203.0.113.${index}`
    }
    statuses.push((await attempt(send, headers)).status)
  }
  t.strictSame(statuses, [...Array(30).fill(400), 429])
  t.strictSame(addresses(), ['198.51.100.7'])
})

t.test('what a trusted proxy passes on that is no address harms nothing', async (t) => {
  const { send, signUp, log } = await logged(t, { RATE_LIMIT: 'on', TRUST_PROXY: '127.0.0.1' })
  await signUp()
  const lists = [
    '',
    ',',
    ', ,',
    'unknown',
    '_hidden',
    '127.0.0.1, 127.0.0.1',
    '999.1.1.1',
    '[::1]:443',
    '::1%eth0',
    '1.2.3.4:5678',
    '"}{"forged":"line',
    '<script>alert(1)</script>',
    '__proto__',
    'constructor',
    'x'.repeat(8000),
    '1.1.1.1,'.repeat(900)
  ]
  for (const list of lists) {
    const { status, body } = await attempt(send, { 'X-Forwarded-For': list })
    t.equal(status, 400, `${list.slice(0, 40)}: ${body}`)
  }
  for (const line of log().trim().split('\n')) t.doesNotThrow(() => JSON.parse(line), 'one object a line')
})
