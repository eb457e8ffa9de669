import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { isProfileError, ProfileError } from '../../client/profile-error.ts'
import { createClient } from '../../entries/client.ts'
import userProfile from '../../plugins/user-profile.ts'
import { PASSWORD } from '../helper.ts'
import { hostApp, ownFolder } from '../plugins/host/host-app.ts'
import { serviceFor } from './service.ts'

/** How a call fails. */
const failureOf = async (call: Promise<unknown>): Promise<ProfileError> =>
  call.then(
    () => {
      throw new Error('it did not fail')
    },
    (error) => error
  )

t.test('from sign-up to the end of the account', async (t) => {
  const { client, signUp, row, tokens, call } = await serviceFor(t)
  const api = client()
  const user = await signUp()
  t.strictSame(await api.profile(), user)
  const changed = await api.updateProfile({ first_name: 'Ada', number_phone: null })
  t.equal(changed.first_name, 'Ada')
  t.equal(row(user.id)?.first_name, 'Ada')

  const other = client({ tokens: { get: () => undefined, set: () => {} } })
  t.match(await other.signIn({ username: user.username, password: PASSWORD }), { id: user.id })
  await api.changePassword(PASSWORD, 'battery staple 43')
  t.match(await api.profile(), { id: user.id }, 'with the tokens of the new session')
  await failureOf(other.signIn({ email: user.email, password: PASSWORD }))
  t.match(await api.signIn({ email: user.email, password: 'battery staple 43' }), { id: user.id })

  const { data, response } = await api.api.GET('/profile/{id}/', { params: { path: { id: user.id } } })
  t.equal(response.status, 200)
  t.equal(data?.email, user.email, 'the whole interface, typed')

  const { refresh } = (await tokens.get()) ?? {}
  await api.signOut()
  t.equal(await tokens.get(), undefined)
  t.equal((await call('POST', '/api/token/refresh/', { json: { refresh } })).statusCode, 401)
  await api.signOut()
  await api.signIn({ email: user.email, password: 'battery staple 43' })
  await api.signOutEverywhere()
  t.equal(await tokens.get(), undefined)
  await api.signIn({ email: user.email, password: 'battery staple 43' })
  await api.deleteAccount()
  t.equal(row(user.id), undefined)
  t.equal(await tokens.get(), undefined)
  const nobody = await failureOf(api.profile())
  t.match(nobody, { status: 401, message: 'Authentication credentials were not provided.' })
})

t.test('refusals are errors with their fields, codes and times', async (t) => {
  const { client, signUp, app } = await serviceFor(t)
  const api = client()
  await signUp()
  const invalid = await failureOf(api.updateProfile({ email: 'nobody', username: '' }))
  t.ok(invalid instanceof ProfileError)
  t.ok(isProfileError(invalid))
  t.equal(invalid.status, 400)
  const email: readonly string[] | undefined = invalid.fields.email
  t.strictSame(email, ['This field must be a valid email address.'])
  t.strictSame(invalid.fields.username, ['This field may not be blank.'])
  t.equal(invalid.message, invalid.fields.username?.[0])

  const wrong = await failureOf(client().signIn({ email: 'x@example.com', password: 'wrong' }))
  t.match(wrong, { status: 400, message: 'Invalid email or password.', fields: {} })
  const theirs = await failureOf(
    api.api.GET('/profile/{id}/', { params: { path: { id: 999 } } }).then(({ response }) => {
      throw new ProfileError('refused', { status: response.status })
    })
  )
  t.equal(theirs.status, 404)

  t.intercept(app.stores.users, 'findById', { value: () => Promise.reject(new Error('a fault')) })
  const fault = await failureOf(api.profile())
  t.match(fault, { status: 500, message: /^The server failed to answer this request/ })
})

t.test('limits say when to try again', async (t) => {
  const { client } = await serviceFor(t, { env: { RATE_LIMIT: 'on' } })
  const tries = Array.from({ length: 31 }, () =>
    failureOf(client().signIn({ username: 'nobody', password: 'wrong' }))
  )
  const throttled = (await Promise.all(tries)).find(({ status }) => status === 429)
  t.match(throttled?.message, /^Request was throttled/)
  t.ok((throttled?.retryAfterSeconds ?? 0) > 0)
})

t.test('what answers is not always the service', async (t) => {
  const proxy = createServer((_request, response) => {
    response.writeHead(502, { 'content-type': 'text/html', 'retry-after': '7' })
    response.end('<html>Bad Gateway')
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const baseUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const api = createClient({ baseUrl })
  t.match(await failureOf(api.profile()), {
    status: 502,
    message: 'HTTP 502',
    retryAfterSeconds: 7,
    fields: {}
  })
  await new Promise((resolve) => proxy.close(resolve))
  const away = await failureOf(api.profile())
  t.match(away, { name: 'ProfileError', status: 0, message: 'The service can’t be reached.' })
  t.ok(away.cause instanceof Error)
  const aborted = AbortSignal.abort(new Error('never mind'))
  const given = await failureOf(api.api.GET('/profile/', { signal: aborted }))
  t.equal(given.message, 'never mind', 'an abort is not a failure of the service')
})

t.test('a plugin below a prefix, with fields of its host', async (t) => {
  const { Type } = await import('@sinclair/typebox')
  const app = hostApp(t)
  const profileFields = Type.Object({ bio: Type.Optional(Type.String({ maxLength: 5 })) })
  await app.register(userProfile, { ...ownFolder(t.testdir()), prefix: '/accounts', profileFields } as never)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const api = createClient<{ bio: string | null }>({
    baseUrl: `http://127.0.0.1:${port}/accounts/`,
    apiPrefix: ''
  })
  const user = await api.signUp({ username: 'ada', email: 'ada@example.com', password: PASSWORD, bio: 'hi' })
  const bio: string | null = user.bio
  t.equal(bio, 'hi')
  t.equal((await api.updateProfile({ bio: 'there' })).bio, 'there')
  const long = await failureOf(api.updateProfile({ bio: 'too long' }))
  t.ok(isProfileError<'bio'>(long))
  t.strictSame((long as ProfileError<'bio'>).fields.bio, ['Ensure this field has no more than 5 characters.'])
  const avatar = await fetch(api.avatarUrl(user.id, 64))
  t.equal(avatar.headers.get('content-type'), 'image/svg+xml')
  t.equal(api.avatarUrl(7), `http://127.0.0.1:${port}/accounts/avatars/7/`)
  // @ts-expect-error no such field
  await failureOf(api.updateProfile({ nothing: 1, email: 'x' }))
})
