import t from 'tap'
import userProfile from '../../plugins/user-profile.ts'
import { accessClaims, FIELDS, mint, PASSWORD, stoppedClock } from '../helper.ts'
import { buildOverStores } from '../own-stores.ts'
import { hostApp, ownFolder } from '../plugins/host/host-app.ts'
import { cookieOf, FROM_PAGE, isCleared, openSessions, PATH, PLAIN, SECURE } from '../session-cookie.ts'

const dead = (detail: string) => ({ detail, code: 'token_not_valid' })

t.test('a refresh token goes into the cookie, and what the page saw is used up', async (t) => {
  const { call, signUp, keep, isLive, resume } = await openSessions(t)
  const ada = await signUp()
  const answer = await keep(ada.refresh)
  t.equal(answer.statusCode, 200)
  t.strictSame(Object.keys(answer.json()), ['access', 'user'])
  t.strictSame(Object.keys(answer.json().user), FIELDS)
  t.equal(answer.json().user.id, ada.id)
  t.equal((await call('GET', '/api/profile/', { token: answer.json().access })).statusCode, 200)
  const cookie = cookieOf(answer)
  t.strictSame(
    [cookie?.name, ...(cookie?.attributes.toSorted() ?? [])],
    [PLAIN, 'HttpOnly', 'Max-Age=1209600', `Path=${PATH}`, 'SameSite=Strict']
  )
  t.not(cookie?.value, ada.refresh)
  t.equal(await isLive(ada.refresh), false, 'the one that the page saw')
  t.equal(await isLive(cookie?.value ?? ''), true, 'the one in the cookie')
  t.equal((await resume(cookie?.value)).statusCode, 200)
})

t.test('the cookie answers who is signed in, and rotates', async (t) => {
  const { call, resume, signedUp, isLive, rows } = await openSessions(t)
  const ada = await signedUp()
  const answer = await resume(ada.cookie)
  t.equal(answer.statusCode, 200)
  t.strictSame(Object.keys(answer.json()), ['access', 'user'])
  t.match(answer.json().user, { id: ada.id, email: ada.email })
  t.equal(answer.headers['cache-control'], 'no-store')
  t.equal((await call('GET', '/api/profile/', { token: answer.json().access })).statusCode, 200)
  const next = cookieOf(answer)?.value ?? ''
  t.not(next, ada.cookie)
  t.strictSame([await isLive(ada.cookie), await isLive(next)], [false, true])
  t.equal(rows('sessions').length, 1, 'of one session')
})

t.test('access tokens of pages last a quarter of an hour at most', async (t) => {
  const lifetimeOf = (token: string) => {
    const { exp, iat } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
    return exp - iat
  }
  for (const [setting, seconds] of [
    ['86400', 900],
    ['60', 60]
  ] as const) {
    for (const REFRESH_ROTATION of ['on', 'off']) {
      const env = { ACCESS_TOKEN_LIFETIME: setting, REFRESH_ROTATION }
      const { call, signUp, keep, resume } = await openSessions(t, { env })
      const { refresh, access } = await signUp()
      const kept = await keep(refresh)
      const resumed = await resume(cookieOf(kept)?.value)
      const refreshed = await call('POST', '/api/token/refresh/', {
        json: { refresh: cookieOf(resumed)?.value }
      })
      t.strictSame(
        [access, kept.json().access, resumed.json().access, refreshed.json().access].map(lifetimeOf),
        [Number(setting), seconds, seconds, Number(setting)]
      )
    }
  }
})

t.test('two tabs that refresh at once with one cookie both go on', async (t) => {
  const clock = stoppedClock()
  const { resume, signedUp } = await openSessions(t, { clock })
  const { cookie } = await signedUp()
  const tabs = await Promise.all([resume(cookie), resume(cookie)])
  t.strictSame(
    tabs.map(({ statusCode }) => statusCode),
    [200, 200]
  )
  clock.advance(11_000)
  for (const tab of tabs) t.equal((await resume(cookieOf(tab)?.value)).statusCode, 200)
})

t.test('a cookie that is no longer good is refused as a refresh is, and cleared', async (t) => {
  const clock = stoppedClock()
  const { call, resume, signedUp, sql, signUp } = await openSessions(t, { clock })
  const [ended, stale, everywhere, inactive] = [
    await signedUp(),
    await signedUp(),
    await signedUp(),
    await signedUp()
  ]
  await call('POST', '/api/token/blacklist/', { json: { refresh: ended.cookie } })
  await resume(stale.cookie)
  clock.advance(10_001)
  await call('POST', '/api/sign-out-everywhere/', { token: everywhere.access })
  sql('update users set is_active = 0 where id = ?', inactive.id)
  const cases: [string, object][] = [
    [ended.cookie, dead('Token is blacklisted')],
    [stale.cookie, dead('Token is blacklisted')],
    [everywhere.cookie, dead('Token is blacklisted')],
    [inactive.cookie, { detail: 'User is inactive', code: 'user_inactive' }],
    [
      mint(accessClaims(99_999, { token_type: 'refresh' })),
      { detail: 'User not found', code: 'user_not_found' }
    ],
    [(await signUp()).access, dead('Token has wrong type')],
    ['garbage', dead('Token is invalid or expired')],
    ['%', dead('Token is invalid or expired')]
  ]
  for (const [cookie, body] of cases) {
    const answer = await resume(cookie)
    t.equal(answer.statusCode, 401)
    t.strictSame(answer.json(), body)
    t.ok(isCleared(cookieOf(answer)))
    t.ok(cookieOf(answer)?.attributes.includes(`Path=${PATH}`))
  }
  for (const headers of [{}, { cookie: `${PLAIN}=` }, { cookie: 'other=1; =; ;;' }] as Record<
    string,
    string
  >[]) {
    const nobody = await resume(undefined, headers)
    t.equal(nobody.statusCode, 401)
    t.strictSame(nobody.json(), { detail: 'Authentication credentials were not provided.' })
    t.equal(cookieOf(nobody), undefined)
  }
})

t.test('signing out ends the session of the cookie and clears it, however often', async (t) => {
  const { end, resume, signedUp, isLive, rows } = await openSessions(t)
  const { cookie } = await signedUp()
  for (const sent of [cookie, cookie, 'garbage', undefined]) {
    const answer = await end(sent)
    t.equal(answer.statusCode, 204)
    t.equal(answer.body, '')
    t.ok(isCleared(cookieOf(answer)))
    t.equal(await isLive(cookie), false)
  }
  t.equal((await resume(cookie)).statusCode, 401)
  t.ok(rows('sessions').every((session) => session.ended_at !== null))
})

t.test('a cookie that another tab has just used up still signs out', async (t) => {
  const clock = stoppedClock()
  const { end, resume, signedUp, isLive } = await openSessions(t, { clock })
  for (const milliseconds of [0, 10_001]) {
    const { cookie } = await signedUp()
    const next = cookieOf(await resume(cookie))?.value ?? ''
    clock.advance(milliseconds)
    t.equal((await end(cookie)).statusCode, 204)
    t.equal(await isLive(next), false, `after ${milliseconds} ms`)
  }
})

t.test('a sign-in in the place of another ends the older session, and no other', async (t) => {
  const { call, keep, signUp, signedUp, isLive } = await openSessions(t)
  const [ada, bob] = [await signedUp(), await signUp()]
  const elsewhere = await call('POST', '/api/sign-in/', { json: { email: ada.email, password: PASSWORD } })
  const answer = await keep(bob.refresh, ada.cookie)
  t.equal(answer.statusCode, 200)
  t.equal(answer.json().user.id, bob.id)
  t.equal(await isLive(ada.cookie), false)
  t.equal(await isLive(elsewhere.json().refresh), true, 'her session on another machine goes on')
  const cookie = cookieOf(answer)?.value ?? ''
  t.equal(await isLive(cookie), true)
  for (const older of ['garbage', ada.cookie])
    t.equal((await keep((await signUp()).refresh, older)).statusCode, 200)
  t.equal(await isLive(cookie), true)
})

t.test('a token that is kept twice does not end its own session', async (t) => {
  for (const REFRESH_ROTATION of ['on', 'off']) {
    const { keep, signUp, resume } = await openSessions(t, { env: { REFRESH_ROTATION } })
    const { refresh } = await signUp()
    const first = cookieOf(await keep(refresh))?.value ?? ''
    const again = await keep(refresh, first)
    t.equal(again.statusCode, 200)
    t.equal((await resume(cookieOf(again)?.value)).statusCode, 200, REFRESH_ROTATION)
  }
})

t.test('a refused token leaves the cookie of who is signed in', async (t) => {
  const { keep, put, signedUp, isLive } = await openSessions(t)
  const ada = await signedUp()
  for (const token of [ada.access, 'garbage', ada.refresh.slice(0, -1)]) {
    const answer = await keep(token, ada.cookie)
    t.equal(answer.statusCode, 401)
    t.equal(cookieOf(answer), undefined)
  }
  for (const [json, body] of [
    [{}, { refresh: ['This field is required.'] }],
    [{ refresh: '' }, { refresh: ['This field may not be blank.'] }]
  ] as const) {
    const answer = await put(ada.cookie, {}, json)
    t.equal(answer.statusCode, 400)
    t.strictSame(answer.json(), body)
  }
  t.equal(await isLive(ada.cookie), true)
})

t.test('where refresh tokens don’t rotate the cookie keeps the one that there is', async (t) => {
  const { keep, resume, end, signUp, isLive } = await openSessions(t, { env: { REFRESH_ROTATION: 'off' } })
  const { refresh, id } = await signUp()
  const kept = await keep(refresh)
  t.equal(cookieOf(kept)?.value, refresh)
  for (let round = 0; round < 2; round++) {
    const answer = await resume(refresh)
    t.equal(answer.json().user.id, id)
    t.equal(cookieOf(answer)?.value, refresh)
  }
  t.equal((await end(refresh)).statusCode, 204)
  t.equal(await isLive(refresh), false)
  t.ok(isCleared(cookieOf(await resume(refresh))))
})

t.test('by https the cookie is secure, and its name one that nothing else can plant', async (t) => {
  const https = { origin: 'https://a.example', host: 'a.example' }
  const { keep, resume, end, signUp } = await openSessions(t, { env: { TRUST_PROXY: '127.0.0.1' } })
  const ways: Record<string, string>[] = [
    https,
    { 'x-forwarded-proto': 'https', 'sec-fetch-site': 'same-origin' }
  ]
  for (const headers of ways) {
    const cookie = cookieOf(await keep((await signUp()).refresh, undefined, headers))
    t.equal(cookie?.name, SECURE)
    t.ok(cookie?.attributes.includes('Secure'))
    t.notOk(cookie?.attributes.some((attribute) => attribute.startsWith('Domain')))
    t.equal((await resume(cookie?.value, headers)).statusCode, 401, 'another name is no cookie of ours')
    const named = { ...headers, cookie: `${PLAIN}=planted; ${SECURE}=${cookie?.value}` }
    const next = cookieOf(await resume(undefined, named))
    t.equal(next?.name, SECURE)
    t.ok(next?.attributes.includes('Secure'))
    const cleared = cookieOf(await end(undefined, { ...headers, cookie: `${SECURE}=${next?.value}` }))
    t.equal(cleared?.name, SECURE)
    t.ok(isCleared(cleared) && cleared?.attributes.includes('Secure'))
  }
})

t.test('a forged scheme makes nothing secure where no proxy is trusted', async (t) => {
  const { keep, signUp } = await openSessions(t)
  const cookie = cookieOf(
    await keep((await signUp()).refresh, undefined, {
      'x-forwarded-proto': 'https',
      forwarded: 'proto=https'
    })
  )
  t.equal(cookie?.name, PLAIN)
})

t.test('of two cookies of the name none is believed: nobody becomes somebody else', async (t) => {
  const { resume, end, keep, signedUp, signUp, isLive } = await openSessions(t)
  const [ada, eve] = [await signedUp(), await signedUp()]
  const both = { cookie: `${PLAIN}=${eve.cookie}; other=1; ${PLAIN}=${ada.cookie}` }
  const answer = await resume(undefined, both)
  t.equal(answer.statusCode, 401)
  t.ok(isCleared(cookieOf(answer)))
  t.strictSame([await isLive(ada.cookie), await isLive(eve.cookie)], [true, true], 'neither is used up')
  const same = await resume(undefined, { cookie: `${PLAIN}=${ada.cookie}; ${PLAIN}=${ada.cookie}` })
  t.equal(same.statusCode, 200)
  const next = cookieOf(same)?.value ?? ''
  t.equal((await end(undefined, { cookie: `${PLAIN}=${eve.cookie}; ${PLAIN}=${next}` })).statusCode, 204)
  t.strictSame(
    [await isLive(next), await isLive(eve.cookie)],
    [false, false],
    'a sign-out ends what there is'
  )
  const [bob, cy, dan] = [await signUp(), await signedUp(), await signedUp()]
  t.equal(
    (await keep(bob.refresh, undefined, { cookie: `${PLAIN}=${cy.cookie}; ${PLAIN}=${dan.cookie}` }))
      .statusCode,
    200
  )
  t.strictSame([await isLive(cy.cookie), await isLive(dan.cookie)], [false, false])
})

t.test('a store that is away clears no cookie', async (t) => {
  const { errors } = await import('../../src/errors.ts')
  let away = false
  const fail = async () => {
    throw errors.unavailable()
  }
  const service = await buildOverStores(t, ({ sessions }) => ({
    sessions: {
      ...sessions,
      rotate: (...rotated) => (away ? fail() : sessions.rotate(...rotated)),
      end: (...ended) => (away ? fail() : sessions.end(...ended))
    }
  }))
  const headers: Record<string, string> = { ...FROM_PAGE }
  const { refresh } = await service.signUp()
  const kept = await service.call('PUT', PATH, { headers, json: { refresh } })
  headers.cookie = `${PLAIN}=${cookieOf(kept)?.value}`
  const { refresh: other } = await service.signUp()
  away = true
  for (const method of ['PUT', 'POST', 'DELETE'] as const) {
    const answer = await service.call(method, PATH, {
      headers,
      ...(method === 'PUT' && { json: { refresh: other } })
    })
    t.equal(answer.statusCode, 503, method)
    t.equal(answer.headers['retry-after'], '1')
    t.equal(cookieOf(answer), undefined)
  }
  away = false
  t.equal((await service.call('POST', PATH, { headers })).statusCode, 200)
})

t.test('an older session that can’t be ended refuses no sign-in, and is told to the log', async (t) => {
  const { errors } = await import('../../src/errors.ts')
  const lines: string[] = []
  const logger = { level: 'warn', stream: { write: (line: string) => void lines.push(line) } }
  const service = await buildOverStores(
    t,
    ({ sessions }) => ({
      sessions: {
        ...sessions,
        end: async () => {
          throw errors.unavailable()
        }
      }
    }),
    { logger }
  )
  const [ada, bob] = [await service.signUp(), await service.signUp()]
  const headers = { ...FROM_PAGE, cookie: `${PLAIN}=${ada.refresh}` }
  const answer = await service.call('PUT', PATH, { headers, json: { refresh: bob.refresh } })
  t.equal(answer.statusCode, 200)
  t.equal(answer.json().user.id, bob.id)
  t.match(lines.join(''), /an older session of the same browser goes on/)
  t.notOk(lines.join('').includes(ada.refresh))
})

t.test('below a prefix of a host the cookie goes to the routes of that plugin alone', async (t) => {
  const app = hostApp(t)
  const folder = t.testdir({ one: {}, other: {} })
  await app.register(userProfile, { ...ownFolder(`${folder}/one`), prefix: '/accounts' })
  await app.register(
    async (scope) => void scope.register(userProfile, { ...ownFolder(`${folder}/other`), apiPrefix: '/v1' }),
    { prefix: '/staff/' }
  )
  for (const path of ['/accounts', '/staff/v1']) {
    const payload = { username: 'ada', email: 'ada@example.com', password: PASSWORD }
    const { refresh } = (await app.inject({ method: 'POST', url: `${path}/sign-up/`, payload })).json()
    const url = `${path}/session/`
    const kept = await app.inject({ method: 'PUT', url, headers: FROM_PAGE, payload: { refresh } })
    t.equal(kept.statusCode, 200)
    const cookie = cookieOf(kept)
    t.ok(cookie?.attributes.includes(`Path=${url}`), url)
    const headers = { ...FROM_PAGE, cookie: `${PLAIN}=${cookie?.value}` }
    t.match((await app.inject({ method: 'POST', url, headers })).json(), { user: { username: 'ada' } })
  }
})
