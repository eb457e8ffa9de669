import t from 'tap'
import { cookieOf, openSessions, PATH, PLAIN } from '../session-cookie.ts'

/**
 * Requests that another site makes a browser send, with its cookie (OWASP's cheat sheet on cross-site request forgery): what
 * speaks against their being of the same origin refuses them, before anything is looked at; also where CORS is open to the
 * other site.
 */
const FRIEND = 'https://friend.example'

type Headers = Record<string, string>

const header = { 'x-same-origin': '1' }
const same = { 'sec-fetch-site': 'same-origin' }
const own = { origin: 'http://app.example:8000' }

const CASES: [name: string, headers: Headers, allowed: boolean][] = [
  ['a page of the same origin', { ...header, ...same, ...own }, true],
  ['one behind a proxy that changes the host', { ...header, ...same, origin: 'https://elsewhere' }, true],
  ['a page by plain http, of which the site is not told', { ...header, ...own }, true],
  ['a program', header, true],
  ['the default port', { ...header, host: 'app.example', origin: 'https://app.example' }, true],
  [
    'the default port, written out',
    { ...header, host: 'app.example:443', origin: 'https://app.example' },
    true
  ],
  ['a host in capitals', { ...header, host: 'APP.example:8000', ...own }, true],
  ['no header', { ...same, ...own }, false],
  ['no header, and nothing else either', {}, false],
  ['another value', { 'x-same-origin': '0', ...same, ...own }, false],
  ['another site', { ...header, 'sec-fetch-site': 'cross-site', ...own }, false],
  ['another host of the site', { ...header, 'sec-fetch-site': 'same-site', ...own }, false],
  ['an address that was typed', { ...header, 'sec-fetch-site': 'none' }, false],
  ['no site at all', { ...header, 'sec-fetch-site': '' }, false],
  ['two sites', { ...header, 'sec-fetch-site': 'same-origin, cross-site' }, false],
  ['another origin', { ...header, origin: 'http://evil.example' }, false],
  ['another port', { ...header, origin: 'http://app.example:9000' }, false],
  ['another port by default', { ...header, host: 'app.example:80', origin: 'https://app.example' }, false],
  ['a longer host', { ...header, origin: 'http://app.example.evil.example:8000' }, false],
  ['a longer one', { ...header, origin: 'http://evil-app.example:8000' }, false],
  ['the host as a user’s name', { ...header, origin: 'http://app.example:8000@evil.example' }, false],
  ['no origin that is one', { ...header, origin: 'null' }, false],
  ['an empty one', { ...header, origin: '' }, false],
  ['a file', { ...header, origin: 'file://' }, false],
  ['no host', { ...header, host: '', origin: 'http://' }, false],
  ['an origin that CORS is open to', { ...header, origin: FRIEND }, false],
  ['the same, by https', { ...header, origin: FRIEND, 'sec-fetch-site': 'cross-site' }, false],
  ['a forged host', { ...header, origin: FRIEND, 'x-forwarded-host': 'friend.example' }, false]
]

t.test('who may use the cookie: each way to ask, by each method', async (t) => {
  const service = await openSessions(t, { env: { CORS_ORIGINS: FRIEND } })
  const { call, signedUp, signUp, rows, isLive } = service
  for (const [name, headers, allowed] of CASES) {
    for (const method of ['PUT', 'POST', 'DELETE'] as const) {
      const { cookie } = await signedUp()
      const { refresh } = await signUp()
      const before = [rows('sessions'), rows('refresh_tokens')]
      const secure = headers.origin?.startsWith('https:') ? '__Secure-' : ''
      const answer = await call(method, PATH, {
        headers: { host: 'app.example:8000', cookie: `${secure}${PLAIN}=${cookie}`, ...headers },
        ...(method === 'PUT' && { json: { refresh } })
      })
      t.equal(answer.statusCode, allowed ? (method === 'DELETE' ? 204 : 200) : 403, `${method}: ${name}`)
      t.equal(answer.headers['access-control-allow-credentials'], undefined)
      if (allowed) continue
      t.strictSame(answer.json(), { error: 'Not authorized' })
      t.equal(cookieOf(answer), undefined)
      t.strictSame([rows('sessions'), rows('refresh_tokens')], before, 'nothing was done')
      t.equal(await isLive(cookie), true)
    }
  }
})

t.test('a preflight lets no origin send cookies', async (t) => {
  const { call } = await openSessions(t, { env: { CORS_ORIGINS: FRIEND } })
  for (const origin of [FRIEND, 'https://evil.example']) {
    for (const method of ['PUT', 'POST', 'DELETE']) {
      const { headers } = await call('OPTIONS', PATH, {
        headers: {
          origin,
          'access-control-request-method': method,
          'access-control-request-headers': 'x-same-origin'
        }
      })
      t.equal(headers['access-control-allow-credentials'], undefined)
      if (origin !== FRIEND) t.not(headers['access-control-allow-origin'], origin)
    }
  }
})

t.test('what is refused counts for no limit, so that no other site can use it up', async (t) => {
  const { resume, signedUp } = await openSessions(t, { env: { RATE_LIMIT: 'on', RATE_LIMITS: 'token=3' } })
  for (let request = 0; request < 5; request++)
    t.equal((await resume('x', { 'sec-fetch-site': 'cross-site' })).statusCode, 403)
  const { cookie } = await signedUp()
  t.equal((await resume(cookie)).statusCode, 200)
  t.equal((await resume('x')).statusCode, 401)
  t.equal((await resume('x')).statusCode, 429)
})
