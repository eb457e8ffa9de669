import t from 'tap'
import type { ProfileError } from '../../client/profile-error.ts'
import { memoryTokens, type TokenStore, webStorageTokens } from '../../client/tokens.ts'
import { createClient } from '../../entries/client.ts'
import { PASSWORD } from '../helper.ts'
import { REFRESH, STALE, serviceFor } from './service.ts'

const fifty = <T>(call: () => Promise<T>) => Promise.allSettled(Array.from({ length: 50 }, call))

t.test('fifty calls with an expired token cost one refresh, and all succeed', async (t) => {
  const { client, signUp, tokens, count } = await serviceFor(t)
  const user = await signUp()
  const before = await tokens.get()
  await tokens.set({ ...before, access: STALE })
  const api = client()
  const outcomes = await fifty(() => api.profile())
  t.strictSame(new Set(outcomes.map(({ status }) => status)), new Set(['fulfilled']))
  t.equal(count(REFRESH), 1)
  const after = await tokens.get()
  t.not(after?.access, STALE)
  t.not(after?.refresh, before?.refresh, 'the next refresh token is kept')
  t.equal(after?.id, user.id)
  await tokens.set({ ...after, access: STALE })
  t.match(await api.updateProfile({ first_name: 'Ada' }), { first_name: 'Ada' }, 'a body is sent again')
  t.equal(count(REFRESH), 2)
})

t.test('where refresh tokens don’t rotate, the one there is stays', async (t) => {
  const { client, signUp, tokens } = await serviceFor(t, { env: { REFRESH_ROTATION: 'off' } })
  await signUp()
  const before = await tokens.get()
  await tokens.set({ ...before, access: STALE })
  await client().profile()
  t.equal((await tokens.get())?.refresh, before?.refresh)
})

t.test('a session that has ended ends here too: one telling, one error for all', async (t) => {
  const { client, signUp, tokens, call, count } = await serviceFor(t)
  await signUp()
  const kept = await tokens.get()
  await call('POST', '/api/token/blacklist/', { json: { refresh: kept?.refresh } })
  await tokens.set({ ...kept, access: STALE })
  const told: ProfileError[] = []
  const api = client({ onSignedOut: (error) => void told.push(error) })
  const outcomes = await fifty(() => api.profile())
  const reasons = new Set(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason))
  t.equal(reasons.size, 1)
  t.equal(told.length, 1)
  t.strictSame([...reasons], told)
  t.match(told[0], { status: 401, code: 'token_not_valid', message: 'Token is blacklisted' })
  t.equal(await tokens.get(), undefined)
  t.equal(count(REFRESH), 1)
})

t.test('a deactivated user is signed out', async (t) => {
  const { client, signUp, tokens, app } = await serviceFor(t)
  const user = await signUp()
  await app.stores.users.setActive(user.id as never, false, Date.now())
  let told = 0
  const api = client({ onSignedOut: () => void told++ })
  await t.rejects(api.profile(), { message: 'User is inactive' })
  t.equal(told, 1)
  t.equal(await tokens.get(), undefined)
})

t.test('a refresh that gets no answer signs nobody out', async (t) => {
  const { baseUrl, client, signUp, tokens } = await serviceFor(t)
  await signUp()
  const kept = { ...(await tokens.get()), access: STALE }
  await tokens.set(kept)
  let refusing = true
  const api = client({
    onSignedOut: () => t.fail('nobody was signed out'),
    async fetch(request) {
      if (refusing && request.url.startsWith(`${baseUrl}/api/token/`)) throw new TypeError('offline')
      return fetch(request)
    }
  })
  await t.rejects(api.profile(), { message: 'The service can’t be reached.' })
  t.strictSame(await tokens.get(), kept)
  refusing = false
  t.ok(await api.profile(), 'and the next call tries again')
})

t.test('a sign-in during a refresh is not overwritten by it', async (t) => {
  const { client, signUp, tokens } = await serviceFor(t)
  const ada = await signUp()
  const adas = await tokens.get()
  const bob = await signUp()
  await tokens.set({ ...adas, access: STALE })
  const held = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  const api = client({
    async fetch(request) {
      const answer = await fetch(request)
      if (request.url.endsWith('/token/refresh/')) {
        reached.resolve()
        await held.promise
      }
      return answer
    }
  })
  const call = api.profile()
  await reached.promise
  await api.signIn({ username: bob.username, password: PASSWORD })
  const bobs = await tokens.get()
  held.resolve()
  t.match(await call, { id: bob.id }, 'the call goes on as whoever is signed in')
  t.strictSame(await tokens.get(), bobs)
  t.not(ada.id, bob.id)
})

t.test('of clients that share a store, the others use what the first one got', async (t) => {
  const { baseUrl, signUp, tokens, count } = await serviceFor(t)
  await signUp()
  const kept = await tokens.get()
  const texts = new Map<string, string>()
  const storage = {
    getItem: (key: string) => texts.get(key) ?? null,
    setItem: (key: string, text: string) => void texts.set(key, text),
    removeItem: (key: string) => void texts.delete(key)
  }
  const shared = (): TokenStore => webStorageTokens(storage)
  await shared().set({ ...kept, access: STALE })
  const tabs = Array.from({ length: 5 }, () => createClient({ baseUrl, tokens: shared() }))
  const users = await Promise.all(tabs.map((tab) => tab.profile()))
  t.equal(new Set(users.map(({ id }) => id)).size, 1)
  t.equal(count(REFRESH), 1, 'one at a time, and one was enough')
  await tabs[0]?.signOut()
  t.equal(texts.size, 0)
  for (const text of ['{"access":', 'null', '""']) {
    texts.set('fastify-user-profile', text)
    t.equal(await shared().get(), undefined, text)
  }
})

t.test('tokens that a page had before are used, also without the user’s id', async (t) => {
  const { baseUrl, signUp, tokens, requests } = await serviceFor(t)
  const user = await signUp()
  const { access, refresh } = (await tokens.get()) ?? { access: '' }
  const api = createClient({ baseUrl, tokens: memoryTokens({ access, ...(refresh && { refresh }) }) })
  requests.length = 0
  t.match(await api.updateProfile({ first_name: 'Ada' }), { id: user.id, first_name: 'Ada' })
  t.strictSame(requests, ['GET /api/profile/', `PATCH /api/profile/${user.id}/update/`])
})
