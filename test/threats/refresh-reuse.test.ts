import t from 'tap'
import {
  accessClaims,
  buildTestApp,
  mint,
  PASSWORD,
  stoppedClock,
  type TestApp,
  type TestAppOptions
} from '../helper.ts'

/**
 * A refresh token that is used twice, by tabs of one browser or by a thief (supabase/discussions 52614, auth issues 466 and
 * 213): within the grace nobody loses a session, after it the whole family dies, with those that are being made at that
 * moment.
 */
const GRACE_MS = 10_000

async function open(t: Parameters<typeof buildTestApp>[0], options: TestAppOptions = {}) {
  const clock = stoppedClock()
  const service = await buildTestApp(t, { clock, ...options })
  const post = (path: string, json: object) => service.call('POST', `/api/token/${path}/`, { json })
  const use = async (refresh: string) => {
    const response = await post('refresh', { refresh })
    return { status: response.statusCode, refresh: String(response.json().refresh) }
  }
  const isLive = async (refresh: string) => (await post('verify', { token: refresh })).statusCode === 200
  return { ...service, clock, post, use, isLive }
}

t.test('of fifty at once each gets a token that is good, and each goes on by itself', async (t) => {
  const { signUp, use } = await open(t)
  for (const refresh of [
    (await signUp()).refresh,
    mint(accessClaims((await signUp()).id, { token_type: 'refresh' }))
  ]) {
    const winners = await Promise.all(Array.from({ length: 50 }, () => use(refresh)))
    t.ok(winners.every(({ status }) => status === 200))
    t.equal(new Set(winners.map((winner) => winner.refresh)).size, 50)
    const next = await Promise.all(winners.map((winner) => use(winner.refresh)))
    t.ok(
      next.every(({ status }) => status === 200),
      'no session is lost'
    )
  }
})

t.test('a replay ends every descendant, those that are refreshed at the same moment too', async (t) => {
  const { signUp, use, isLive, clock } = await open(t)
  for (const positions of [[0], [5], [20], [0, 10, 20]]) {
    const { refresh } = await signUp()
    const children = await Promise.all(Array.from({ length: 5 }, () => use(refresh)))
    const grandchildren = await Promise.all(children.map((child) => use(child.refresh)))
    clock.advance(GRACE_MS + 1)
    const known = [...children, ...grandchildren].map((one) => one.refresh)
    const race = Array.from({ length: 21 }, (_, index) =>
      positions.includes(index) ? refresh : String(grandchildren[index % 5]?.refresh)
    )
    const outcomes = await Promise.all(race.map(use))
    for (const position of positions) t.equal(outcomes[position]?.status, 401, 'the replay itself')
    const made = outcomes.filter(({ status }) => status === 200).map((one) => one.refresh)
    t.equal(made.length, positions[0], 'those in front of the first replay were answered')
    for (const token of [...known, ...made]) {
      t.equal(await isLive(token), false)
      t.equal((await use(token)).status, 401)
    }
  }
})

t.test('the grace begins with the first use, and no further use makes it longer', async (t) => {
  const { signUp, use, isLive, clock } = await open(t)
  const { refresh } = await signUp()
  const made: string[] = []
  for (const milliseconds of [0, GRACE_MS - 1, 1]) {
    clock.advance(milliseconds)
    const { status, refresh: next } = await use(refresh)
    t.equal(status, 200)
    made.push(next)
  }
  clock.advance(1)
  t.equal((await use(refresh)).status, 401)
  for (const token of made) t.equal(await isLive(token), false)
})

t.test('a family that has ended stays so, also within the grace of its tokens', async (t) => {
  const endings: [
    name: string,
    end: (service: Awaited<ReturnType<typeof open>>, tokens: Tokens) => ReturnType<TestApp['call']>
  ][] = [
    ['by signing out', ({ post }, { child }) => post('blacklist', { refresh: child })],
    [
      'by signing out everywhere',
      ({ call }, { access }) => call('POST', '/api/sign-out-everywhere/', { token: access })
    ],
    [
      'by a new password',
      ({ call }, { id, access }) =>
        call('POST', `/api/profile/${id}/password/`, {
          token: access,
          json: { current_password: PASSWORD, new_password: 'another horse 43' }
        })
    ],
    [
      'by the account’s end',
      ({ call }, { id, access }) => call('DELETE', `/api/profile/${id}/delete/`, { token: access })
    ]
  ]
  for (const [name, end] of endings) {
    const service = await open(t)
    const { id, refresh, access } = await service.signUp()
    const child = (await service.use(refresh)).refresh
    // At once: whichever comes first, none of what is made may outlive the end.
    const racing = Array.from({ length: 10 }, () => service.use(refresh))
    const ended = end(service, { id, access, child })
    racing.push(...Array.from({ length: 10 }, () => service.use(child)))
    const outcomes = await Promise.all(racing)
    t.ok((await ended).statusCode < 300, name)
    const made = outcomes.filter(({ status }) => status === 200).map((one) => one.refresh)
    for (const token of [refresh, child, ...made]) {
      t.equal((await service.use(token)).status, 401, name)
      t.equal(await service.isLive(token), false, name)
    }
  }
})

interface Tokens {
  id: number
  access: string
  child: string
}

t.test('nobody ends or uses the session of somebody else', async (t) => {
  const { signUp, use, post, isLive } = await open(t)
  const [ada, eve] = [await signUp(), await signUp()]
  const { jti } = JSON.parse(Buffer.from(ada.refresh.split('.')[1] ?? '', 'base64url').toString())
  // With the secret of another service that shares it: the id of a token is not enough.
  const stolen = mint(accessClaims(eve.id, { token_type: 'refresh', jti }))
  t.equal((await use(stolen)).status, 401)
  t.equal((await post('blacklist', { refresh: stolen })).statusCode, 401)
  t.equal(await isLive(ada.refresh), true)
  t.equal((await use(ada.refresh)).status, 200)
})
