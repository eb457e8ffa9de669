import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { isProfileError } from '../../client/profile-error.ts'
import { type Client, createClient, type UpdateOptions, type User } from '../../entries/client.ts'
import { jpeg } from '../pictures.ts'
import { serviceFor } from './service.ts'

const failureOf = (call: Promise<unknown>) => call.then(() => undefined).catch((error: unknown) => error)

const photo = async () => new Blob([new Uint8Array(await jpeg())])

t.test('a profile that is known already is answered as it is there, and a changed one anew', async (t) => {
  const { client, signUp } = await serviceFor(t)
  const signedUp = await signUp()
  const statuses: number[] = []
  const watched = async (request: Request) => {
    const response = await fetch(request)
    statuses.push(response.status)
    return response
  }
  const api = client({ fetch: watched })
  const user = await api.profile({ known: signedUp })
  t.not(user, signedUp, 'of a sign-up the state is not known')
  t.strictSame(user, signedUp)
  t.equal(await api.profile({ known: user }), user)
  t.equal(await client({ fetch: watched }).profile({ known: user }), user, 'another client knows it too')
  const changed = await api.updateProfile({ first_name: 'Ada' })
  t.equal(await api.profile({ known: changed }), changed)
  t.strictSame(await api.profile({ known: user }), changed)
  t.not(await api.profile(), changed)
  t.strictSame(statuses, [200, 304, 304, 200, 304, 200, 200])
})

type Update = (api: Client, options: UpdateOptions) => Promise<User>

t.test('a change that is based on what there is no longer is refused', async (t) => {
  const { client, signUp, row, pictures, uploads } = await serviceFor(t)
  const { id } = await signUp()
  const api = client()
  const updates: Record<string, Update> = {
    updateProfile: (api, options) => api.updateProfile({ last_name: 'King' }, options),
    setAvatar: async (api, options) => api.setAvatar(await photo(), options),
    'setAvatar with progress': async (api, options) =>
      api.setAvatar(await photo(), { ...options, onProgress() {} }),
    removeAvatar: (api, options) => api.removeAvatar(options)
  }
  for (const [name, update] of Object.entries(updates)) {
    const seen = await api.profile()
    await client().updateProfile({ first_name: `before ${name}` })
    const [before, kept] = [row(id), pictures()]
    const refused = await failureOf(update(api, { basedOn: seen }))
    t.ok(isProfileError(refused), name)
    t.match(refused, { status: 412, message: /^The profile was changed meanwhile/, fields: {} })
    t.strictSame(row(id), before)
    t.strictSame([pictures(), uploads()], [kept, []])

    const written = await update(api, { basedOn: await api.profile({ known: seen }) })
    t.match(written, { first_name: `before ${name}` })
    // What an update answers is something to base the next one on.
    t.equal((await api.updateProfile({ number_phone: '7' }, { basedOn: written })).number_phone, '7')
    await api.updateProfile({ number_phone: null })
  }
  t.match(row(id), { last_name: 'King', avatar: null })
  t.strictSame(pictures(), [])
})

t.test('without a state to ask for nothing is sent, and nothing is overwritten by mistake', async (t) => {
  const { client, signUp, row, requests } = await serviceFor(t)
  const signedUp = await signUp()
  const api = client()
  const before = row(signedUp.id)
  const sent = requests.length
  for (const basedOn of [signedUp, { ...(await api.profile()) }])
    for (const call of [
      () => api.updateProfile({ first_name: 'x' }, { basedOn }),
      async () => api.setAvatar(await photo(), { basedOn }),
      () => api.removeAvatar({ basedOn })
    ])
      t.match(await failureOf(call()), { name: 'TypeError', message: /^basedOn/ })
  t.equal(requests.length, sent + 1)
  t.strictSame(row(signedUp.id), before)
})

t.test('a tag that a proxy made weak names the same state', async (t) => {
  const conditions: (string | undefined)[] = []
  const proxy = createServer(({ headers }, response) => {
    conditions.push(headers['if-match'] ?? headers['if-none-match'])
    response.writeHead(200, { 'content-type': 'application/json', etag: 'W/"abc"' }).end('{"id":1}')
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  t.teardown(() => proxy.close())
  const { port } = proxy.address() as AddressInfo
  const api = createClient({
    baseUrl: `http://127.0.0.1:${port}`,
    tokens: { get: () => ({ access: 'x', id: 1 }), set() {} }
  })
  const user = await api.profile()
  await api.updateProfile({ first_name: 'x' }, { basedOn: user })
  await api.profile({ known: user })
  t.strictSame(conditions, [undefined, '"abc"', '"abc"'])
})
