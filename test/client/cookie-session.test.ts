import t, { type Test } from 'tap'
import type { ClientSettings } from '../../client/create-client.ts'
import { isProfileError, type ProfileError } from '../../client/profile-error.ts'
import { createTurns, memoryTokens } from '../../client/tokens.ts'
import { createClient } from '../../entries/client.ts'
import { PASSWORD, type TestAppOptions } from '../helper.ts'
import { PLAIN } from '../session-cookie.ts'
import { STALE, serviceFor } from './service.ts'

const PUT = 'PUT /api/session/'
const POST = 'POST /api/session/'
const DELETE = 'DELETE /api/session/'
const SESSION = /\/api\/session\/$/

const failureOf = (call: Promise<unknown>): Promise<ProfileError> =>
  call.then(
    () => {
      throw new Error('it did not fail')
    },
    (error) => error
  )

/** What a browser does with the one cookie that there is: kept for its path, and sent there. */
function createBrowser() {
  let kept: { value: string; path: string } | undefined
  /** What requests of the session are answered, instead of their own. */
  let failing: { method: string; answer: () => Response } | undefined
  const seen = new Set<string>()
  const expired = new Set<string>()
  const sentTo: string[] = []
  async function send(request: Request): Promise<Response> {
    const isSession = SESSION.test(request.url)
    if (failing && isSession && request.method === failing.method) return failing.answer()
    const headers = new Headers(request.headers)
    const token = headers.get('authorization')
    if (token !== null) seen.add(token)
    if (token !== null && expired.has(token)) headers.set('authorization', `Bearer ${STALE}`)
    if (isSession) {
      // As browsers tell it of a page that a script of the same origin is in.
      headers.set('sec-fetch-site', 'same-origin')
      headers.set('origin', new URL(request.url).origin)
    }
    const { pathname } = new URL(request.url)
    if (kept && pathname.startsWith(kept.path)) {
      headers.set('cookie', `${PLAIN}=${kept.value}`)
      sentTo.push(`${request.method} ${pathname}`)
    }
    const response = await fetch(new Request(request, { headers }))
    for (const line of response.headers.getSetCookie()) {
      const [, value = '', path = ''] = /=([^;]*).*Path=([^;]*)/.exec(line) ?? []
      kept = line.includes('Max-Age=0') ? undefined : { value, path }
    }
    return response
  }
  return {
    fetch: send,
    cookie: () => kept?.value,
    /** Requests that brought the cookie. */
    sentTo,
    /** Makes the service take no access token any more that it was sent so far. */
    expire() {
      for (const token of seen) expired.add(token)
    },
    fail(method: string, answer: () => Response) {
      failing = { method, answer }
    },
    mend() {
      failing = undefined
    }
  }
}

async function open(t: Test, options: TestAppOptions = {}) {
  const service = await serviceFor(t, options)
  const browser = createBrowser()
  const { baseUrl } = service
  /** A page that has just been loaded. */
  const page = (more: Partial<ClientSettings> = {}) =>
    createClient({ baseUrl, session: 'cookie', fetch: browser.fetch, ...more })
  const post = (path: string, json: object) => service.call('POST', `/api/token/${path}/`, { json })
  const isLive = async (token = '') => (await post('verify', { token })).statusCode === 200
  return { ...service, browser, page, isLive, post }
}

const away = () => Response.json({ error: 'Away.' }, { status: 503, headers: { 'retry-after': '1' } })
const offline = (): never => {
  throw new TypeError('offline')
}

t.test('signed in by one page, the next one knows who it is by one request', async (t) => {
  const { page, signUp, browser, requests, isLive, rows } = await open(t)
  const { email, id } = await signUp()
  const first = page()
  t.equal(await first.resume(), undefined, 'nobody at first')
  t.match(await first.signIn({ email, password: PASSWORD }), { id })
  t.equal(await isLive(browser.cookie()), true)
  t.equal(
    rows('refresh_tokens').filter(({ used_at }) => used_at === null).length,
    2,
    'the one in the cookie, and that of the sign-up'
  )
  requests.length = 0
  const next = page()
  t.match(await next.resume(), { id, email })
  t.strictSame(requests, [POST])
  t.match(await next.updateProfile({ first_name: 'Ada' }), { first_name: 'Ada' })
  t.strictSame(requests, [POST, `PATCH /api/profile/${id}/update/`], 'and by what path to change it')
})

t.test('the cookie goes to the session alone, and no script has the refresh token', async (t) => {
  const { page, signUp, browser, requests } = await open(t)
  const { email } = await signUp()
  const answers: string[] = []
  const api = page({
    async fetch(request) {
      const answer = await browser.fetch(request)
      if (SESSION.test(request.url)) answers.push(await answer.clone().text())
      return answer
    }
  })
  await api.signIn({ email, password: PASSWORD })
  await api.profile()
  await api.resume()
  await api.signOut()
  t.ok(requests.length > 4)
  t.strictSame(browser.sentTo, ['POST /api/session/', 'DELETE /api/session/'])
  t.equal(answers.length, 3)
  for (const answer of answers) t.notMatch(answer, /refresh/)
})

t.test('the access token of a page is that of the cookie, not the longer one of the sign-in', async (t) => {
  const { page, signUp, browser } = await open(t)
  const { email } = await signUp()
  const answers: { access: string }[] = []
  const sent = new Set<string | null>()
  const api = page({
    async fetch(request) {
      sent.add(request.headers.get('authorization'))
      const answer = await browser.fetch(request)
      answers.push((await answer.clone().json()) as { access: string })
      return answer
    }
  })
  await api.signIn({ email, password: PASSWORD })
  await api.profile()
  t.strictSame([...sent], [null, `Bearer ${answers[1]?.access}`])
})

t.test('fifty calls with an expired token cost one refresh by the cookie, and all succeed', async (t) => {
  const { page, signUp, count, browser } = await open(t)
  const { email, id } = await signUp()
  const api = page()
  await api.signIn({ email, password: PASSWORD })
  await api.profile()
  const before = browser.cookie()
  browser.expire()
  const users = await Promise.all(Array.from({ length: 50 }, () => api.profile()))
  t.ok(users.every((user) => user.id === id))
  t.equal(count(POST), 1)
  t.not(browser.cookie(), before, 'the next cookie is there')
  t.match(await api.updateProfile({ first_name: 'Ada' }), { first_name: 'Ada' })
  t.equal(count(POST), 1)
})

t.test('pages that refresh at once take turns, and each goes on', async (t) => {
  const { page, signUp, count, browser, rows } = await open(t)
  const { email } = await signUp()
  const pages = Array.from({ length: 5 }, () => page())
  await pages[0]?.signIn({ email, password: PASSWORD })
  const sessions = rows('sessions').length
  t.ok((await Promise.all(pages.map((one) => one.resume()))).every((user) => user?.email === email))
  await Promise.all(pages.map((one) => one.profile()))
  browser.expire()
  await Promise.all(pages.map((one) => one.profile()))
  t.equal(count(POST), 10)
  t.equal(rows('sessions').length, sessions)
  t.match(await page().resume(), { email })
})

t.test('signing out ends the session for all pages, also where it was not known before', async (t) => {
  const { page, signUp, browser, isLive, count } = await open(t)
  const { email } = await signUp()
  const [api, other] = [page(), page()]
  await api.signIn({ email, password: PASSWORD })
  await other.resume()
  const cookie = browser.cookie()
  await api.signOut()
  t.equal(browser.cookie(), undefined)
  t.equal(await isLive(cookie), false)
  t.equal((await failureOf(api.profile())).status, 401)
  t.equal(await page().resume(), undefined)
  await api.signOut()
  t.equal(count(DELETE), 2, 'a page that knows of nobody asks all the same')
  const told: ProfileError[] = []
  const late = page({ onSignedOut: (error) => void told.push(error) })
  await late.signIn({ email, password: PASSWORD })
  await late.profile()
  await page().signOut()
  browser.expire()
  const outcomes = await Promise.allSettled([late.profile(), late.profile()])
  t.strictSame(new Set(outcomes.map(({ status }) => status)), new Set(['rejected']))
  t.equal(told.length, 1)
  t.equal(told[0]?.status, 401)
})

t.test('a sign-in over another ends that, and pages of the other do not turn into theirs', async (t) => {
  const { page, signUp, browser, isLive } = await open(t)
  const [ada, bob] = [await signUp(), await signUp()]
  const told: ProfileError[] = []
  const adas = page({ onSignedOut: (error) => void told.push(error) })
  await adas.signIn({ email: ada.email, password: PASSWORD })
  await adas.profile()
  const cookie = browser.cookie()
  await page().signIn({ email: bob.email, password: PASSWORD })
  t.equal(await isLive(cookie), false)
  browser.expire()
  const refused = await failureOf(adas.updateProfile({ first_name: 'Ada' }))
  t.match(refused, { status: 401, code: 'other_user', message: /^Somebody else/ })
  t.strictSame(told, [refused])
  t.equal((await failureOf(adas.profile())).message, 'Authentication credentials were not provided.')
  t.match(await adas.resume(), { id: bob.id }, 'unless the page asks who is there')
  t.match(await adas.profile(), { id: bob.id, first_name: '' })
})

t.test('a new password keeps this page signed in, by a cookie of the new session', async (t) => {
  const { page, signUp, browser, isLive } = await open(t)
  const { email, id } = await signUp()
  const api = page()
  await api.signIn({ email, password: PASSWORD })
  const cookie = browser.cookie()
  await api.changePassword(PASSWORD, 'battery staple 43')
  t.strictSame([await isLive(cookie), await isLive(browser.cookie())], [false, true])
  t.match(await api.profile(), { id })
  t.match(await page().resume(), { id })
  await api.signOutEverywhere()
  t.equal(await page().resume(), undefined)
  t.equal(browser.cookie(), undefined)
  await api.signIn({ email, password: 'battery staple 43' })
  await api.deleteAccount()
  t.equal(await page().resume(), undefined)
})

t.test(
  'what has happened has not failed because the cookie could not be set: it lasts as long as the page',
  async (t) => {
    const { page, signUp, browser, count, rows } = await open(t)
    const { email, id } = await signUp()
    for (const answer of [away, offline, () => Response.json({ detail: 'Throttled.' }, { status: 429 })]) {
      browser.fail('PUT', answer)
      const api = page()
      t.match(await api.signIn({ email, password: PASSWORD }), { id })
      t.match(await api.profile(), { id })
      t.equal(browser.cookie(), undefined)
      t.equal(await page().resume(), undefined)
    }
    const fresh = page()
    const made = await fresh.signUp({
      username: 'newcomer',
      email: 'newcomer@example.com',
      password: PASSWORD
    })
    t.equal(rows('users').length, 2)
    await fresh.changePassword(PASSWORD, 'battery staple 43')
    t.match(await fresh.profile(), { id: made.id })
    browser.mend()
    t.equal(count(PUT), 0)
    await fresh.signIn({ email, password: PASSWORD })
    t.match(await page().resume(), { id })
  }
)

t.test('a refusal to keep a session is an error, and nothing stays of the sign-in', async (t) => {
  const { page, signUp, browser } = await open(t)
  const { email } = await signUp()
  browser.fail('PUT', () => Response.json({ error: 'Not authorized' }, { status: 403 }))
  const api = page()
  t.match(await failureOf(api.signIn({ email, password: PASSWORD })), {
    status: 403,
    message: 'Not authorized'
  })
  t.equal((await failureOf(api.profile())).status, 401)
})

t.test(
  'a sign-out without an answer is told; the page forgets all the same, and may try again',
  async (t) => {
    const { page, signUp, browser, isLive } = await open(t)
    const { email, id } = await signUp()
    const api = page()
    await api.signIn({ email, password: PASSWORD })
    const cookie = browser.cookie()
    const cases: [() => Response, object][] = [
      [away, { status: 503, retryAfterSeconds: 1 }],
      [offline, { status: 0 }]
    ]
    for (const [answer, expected] of cases) {
      browser.fail('DELETE', answer)
      const failure = await failureOf(api.signOut())
      t.ok(isProfileError(failure))
      t.match(failure, expected)
      t.equal((await failureOf(api.profile())).status, 401, 'the access token is forgotten')
    }
    t.match(await page().resume(), { id }, 'the browser is signed in still')
    browser.mend()
    const next = browser.cookie()
    await api.signOut()
    t.strictSame([await isLive(cookie), await isLive(next)], [false, false])
    t.equal(browser.cookie(), undefined)
  }
)

t.test('a service that is away signs nobody out', async (t) => {
  const { page, signUp, browser } = await open(t)
  const { email, id } = await signUp()
  const api = page({ onSignedOut: () => t.fail('nobody was signed out') })
  await api.signIn({ email, password: PASSWORD })
  await api.profile()
  browser.expire()
  browser.fail('POST', away)
  t.equal((await failureOf(api.profile())).status, 503)
  t.equal((await failureOf(page().resume())).status, 503, 'nor does it say that nobody is')
  browser.fail('POST', offline)
  t.equal((await failureOf(api.profile())).status, 0)
  browser.mend()
  t.match(await api.profile(), { id })
})

t.test('a sign-out during a refresh is not undone by it', async (t) => {
  const { page, signUp, browser, isLive } = await open(t)
  const { email } = await signUp()
  const held = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  const api = page({
    async fetch(request) {
      const answer = await browser.fetch(request)
      if (request.method === 'POST' && SESSION.test(request.url)) {
        reached.resolve()
        await held.promise
      }
      return answer
    }
  })
  await api.signIn({ email, password: PASSWORD })
  await api.profile()
  browser.expire()
  const call = failureOf(api.profile())
  await reached.promise
  const cookie = browser.cookie()
  const out = api.signOut()
  held.resolve()
  await out
  t.equal((await call).status, 401)
  t.equal(browser.cookie(), undefined)
  t.equal(await isLive(cookie), false)
  t.equal((await failureOf(api.profile())).status, 401)
})

t.test('where refresh tokens don’t rotate it works as well', async (t) => {
  const { page, signUp, browser } = await open(t, { env: { REFRESH_ROTATION: 'off' } })
  const { email, id } = await signUp()
  const api = page()
  await api.signIn({ email, password: PASSWORD })
  await api.profile()
  browser.expire()
  t.match(await api.profile(), { id })
  t.match(await page().resume(), { id })
  await api.signOut()
  t.equal(await page().resume(), undefined)
})

t.test('tokens in a store resume too', async (t) => {
  const { client, signUp, tokens, post } = await serviceWithStore(t)
  t.equal(await client().resume(), undefined)
  const { id } = await signUp()
  t.match(await client().resume(), { id })
  const kept = await tokens.get()
  await tokens.set({ ...kept, access: STALE })
  t.match(await client().resume(), { id }, 'by a refresh where it takes one')
  await post('/api/token/blacklist/', { refresh: (await tokens.get())?.refresh })
  await tokens.set({ ...(await tokens.get()), access: STALE })
  t.equal(await client().resume(), undefined)
  t.equal(await tokens.get(), undefined)
})

async function serviceWithStore(t: Test) {
  const service = await serviceFor(t)
  return { ...service, post: (url: string, json: object) => service.call('POST', url, { json }) }
}

t.test('without the browser’s locks turns are taken within the page', async (t) => {
  const { locks } = navigator
  Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true })
  t.teardown(() => Object.defineProperty(navigator, 'locks', { value: locks, configurable: true }))
  const inTurn = createTurns('any')
  const told: string[] = []
  const work = (name: string) => async () => {
    told.push(`${name} begins`)
    await new Promise((resolve) => setImmediate(resolve))
    told.push(`${name} ends`)
    if (name === 'b') throw new Error('b failed')
    return name
  }
  const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((name) => inTurn(work(name))))
  t.strictSame(
    told,
    ['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`])
  )
  t.match(outcomes, [{ value: 'a' }, { reason: { message: 'b failed' } }, { value: 'c' }])
})

t.test('there is one place for tokens', async (t) => {
  const baseUrl = 'http://127.0.0.1:1'
  createClient({ baseUrl, session: 'cookie' })
  createClient({ baseUrl, tokens: memoryTokens() })
  // @ts-expect-error both
  createClient({ baseUrl, session: 'cookie', tokens: memoryTokens() })
  // @ts-expect-error no such place
  createClient({ baseUrl, session: 'storage' })
  t.pass('by its types')
})
