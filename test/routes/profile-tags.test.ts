import t from 'tap'
import { buildTestApp } from '../helper.ts'
import { jpeg } from '../pictures.ts'

const STRONG = /^"[\w-]{22}"$/
const CHANGED = {
  detail: 'The profile was changed meanwhile. Read it again, and repeat your change where it is still wanted.'
}

/** A user, and requests with a condition. */
async function withUser(t: Parameters<typeof buildTestApp>[0]) {
  const service = await buildTestApp(t)
  const ada = await service.signUp()
  const url = `/api/profile/${ada.id}/update/`
  const read = (headers: Record<string, string> = {}, method: 'GET' | 'POST' | 'HEAD' = 'GET') =>
    service.call(method, '/api/profile/', { token: ada.access, headers })
  const tag = async () => String((await read()).headers.etag)
  const update = (ifMatch: string | undefined, sent: Parameters<typeof service.update>[1]) =>
    service.call('PATCH', url, {
      token: ada.access,
      ...sent,
      headers: { ...sent.headers, ...(ifMatch !== undefined && { 'if-match': ifMatch }) }
    })
  return { ...service, ada, url, read, tag, update }
}

t.test('reads and updates name the state of the profile, which is kept by nobody', async (t) => {
  const { ada, call, read, update } = await withUser(t)
  const first = await read()
  const etag = String(first.headers.etag)
  t.match(etag, STRONG)
  t.equal(first.headers['cache-control'], 'no-store')
  for (const response of [
    await read(),
    await read({}, 'POST'),
    await read({}, 'HEAD'),
    await call('GET', `/api/profile/${ada.id}/`, { token: ada.access }),
    await update(undefined, { json: {} })
  ])
    t.equal(response.headers.etag, etag)

  const seen = new Set([etag])
  for (const json of [
    { first_name: 'Ada' },
    { last_name: 'King' },
    { number_phone: '7' },
    { number_phone: null, first_name: 'Ada L.' },
    { email: 'other@example.com' },
    { username: 'lovelace' }
  ]) {
    const { headers } = await update(undefined, { json })
    t.match(headers.etag, STRONG)
    t.notOk(seen.has(String(headers.etag)), JSON.stringify(json))
    seen.add(String(headers.etag))
    t.equal((await read()).headers.etag, headers.etag)
  }
  const pictured = await update(undefined, { form: [['avatar', { bytes: await jpeg() }]] })
  t.notOk(seen.has(String(pictured.headers.etag)))
  const names = await call('POST', '/api/sign-in/', {
    json: { email: 'other@example.com', password: 'correct horse 42' }
  })
  t.equal(names.headers.etag, undefined, 'an answer that is no profile has none')
  t.not((await read()).headers.etag, pictured.headers.etag, 'the last sign-in is shown too')
})

t.test('a password and tokens are no part of the state', async (t) => {
  const { ada, call, tag } = await withUser(t)
  const before = await tag()
  const json = { current_password: 'correct horse 42', new_password: 'battery staple 43' }
  const changed = await call('POST', `/api/profile/${ada.id}/password/`, { token: ada.access, json })
  t.equal(changed.statusCode, 200)
  const { access } = changed.json()
  t.equal((await call('GET', '/api/profile/', { token: access })).headers.etag, before)
})

t.test('a client that has the profile already gets no second one', async (t) => {
  const { ada, call, read, tag, update } = await withUser(t)
  const etag = await tag()
  for (const condition of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
    for (const method of ['GET', 'HEAD'] as const) {
      const response = await read({ 'if-none-match': condition }, method)
      t.equal(response.statusCode, 304, condition)
      t.equal(response.body, '')
      t.match(response.headers, { etag, 'cache-control': 'no-store' })
      t.equal(response.headers['content-type'], undefined)
    }
  }
  const byId = { token: ada.access, headers: { 'if-none-match': etag } }
  t.equal((await call('GET', `/api/profile/${ada.id}/`, byId)).statusCode, 304)
  for (const condition of ['"x"', '', etag.slice(1), 'W/', `${etag} x`]) {
    const response = await read({ 'if-none-match': condition })
    t.equal(response.statusCode, 200, condition)
    t.equal(response.json().id, ada.id)
  }
  t.equal(
    (await read({ 'if-none-match': etag }, 'POST')).statusCode,
    200,
    'old clients’ way has no conditions'
  )
  await update(undefined, { json: { first_name: 'Ada' } })
  const changed = await read({ 'if-none-match': etag })
  t.equal(changed.statusCode, 200)
  t.equal(changed.json().first_name, 'Ada')
})

t.test('a condition says nothing to whoever has no token', async (t) => {
  const { call, tag, url, ada, signUp, row } = await withUser(t)
  const etag = await tag()
  for (const headers of [{ 'if-none-match': etag }, { 'if-match': '"x"' }]) {
    const response = await call('GET', '/api/profile/', { headers })
    t.equal(response.statusCode, 401)
    t.equal(response.headers.etag, undefined)
  }
  const before = row(ada.id)
  const other = await signUp()
  const theirs = { token: other.access, json: { first_name: 'x' }, headers: { 'if-match': etag } }
  t.equal((await call('PATCH', url, theirs)).statusCode, 403)
  t.equal((await call('PATCH', url, { ...theirs, token: undefined })).statusCode, 401)
  t.strictSame(row(ada.id), before)
})

t.test('a read that asks for another state is refused', async (t) => {
  const { read, tag } = await withUser(t)
  const etag = await tag()
  t.equal((await read({ 'if-match': etag })).statusCode, 200)
  t.equal((await read({ 'if-match': '*' })).statusCode, 200)
  t.equal((await read({ 'if-match': etag, 'if-none-match': etag })).statusCode, 304)
  const refused = await read({ 'if-match': '"x"', 'if-none-match': '"x"' })
  t.equal(refused.statusCode, 412)
  t.strictSame(refused.json(), CHANGED)
  t.equal(refused.headers.etag, undefined)
})

t.test('an update that asks for the state that there is is written, in every type of body', async (t) => {
  const { ada, tag, update, row } = await withUser(t)
  const bodies = (name: string) => [
    { json: { first_name: `${name} json` } },
    { urlencoded: `first_name=${name} urlencoded` },
    { form: [['first_name', `${name} form`]] as [string, string][] }
  ]
  for (const [name, condition] of [
    ['one', (etag: string) => etag],
    ['many', (etag: string) => `"x", W/"y",${etag}`],
    ['any', () => '*']
  ] as const) {
    for (const body of bodies(name)) {
      const response = await update(condition(await tag()), body)
      t.equal(response.statusCode, 200, name)
      t.match(row(ada.id)?.first_name, new RegExp(`^${name} `))
      t.equal(response.headers.etag, await tag())
    }
  }
})

t.test('an update that asks for another state is refused, and nothing of it is written', async (t) => {
  const { ada, call, tag, update, row, url, pictures, uploads } = await withUser(t)
  const stale = await tag()
  await update(undefined, { form: [['avatar', { bytes: await jpeg() }]] })
  const [etag, before, kept] = [await tag(), row(ada.id), pictures()]
  const conditions = [
    stale,
    '"x"',
    `W/${etag}`,
    '',
    etag.slice(1, -1),
    etag.slice(1),
    `${etag} "x"`,
    `${etag}, *`
  ]
  for (const condition of conditions) {
    for (const body of [
      { json: { first_name: 'x' } },
      { json: { avatar: null } },
      { json: {} },
      { json: { colour: 'red' } },
      { urlencoded: 'username=another' },
      { form: [['last_name', 'x']] as [string, string][] }
    ]) {
      const response = await update(condition, body)
      t.equal(response.statusCode, 412, `${condition} ${JSON.stringify(body)}`)
      t.strictSame(response.json(), CHANGED)
      t.match(response.headers['content-type'], /^application\/json/)
      t.equal(response.headers.etag, undefined)
    }
  }
  const form: [string, string | { bytes: Buffer }][] = [
    ['avatar', { bytes: await jpeg() }],
    ['first_name', 'x']
  ]
  for (const method of ['PUT', 'PATCH'] as const) {
    const response = await call(method, url, { token: ada.access, form, headers: { 'if-match': stale } })
    t.equal(response.statusCode, 412)
  }
  t.strictSame(row(ada.id), before)
  t.strictSame(pictures(), kept, 'the pictures that were uploaded are gone')
  t.strictSame(uploads(), [])
  t.equal(await tag(), etag)
})

t.test('what is invalid is told first, names that are taken included', async (t) => {
  const { ada, update, row, signUp, pictures, uploads } = await withUser(t)
  const bob = await signUp()
  const before = row(ada.id)
  const refusals: [Parameters<typeof update>[1], number, object][] = [
    [{ json: { email: 'x' } }, 400, { email: ['This field must be a valid email address.'] }],
    [
      { json: { username: bob.username, email: bob.email } },
      400,
      {
        username: ['A user with that username already exists.'],
        email: ['A user with that email already exists.']
      }
    ],
    [
      { form: [['avatar', { bytes: Buffer.from('no picture') }]] },
      400,
      { avatar: [/^Upload a valid image/] }
    ],
    [{ body: '{', headers: { 'content-type': 'application/json' } }, 400, { detail: /^JSON parse error/ }],
    [{ body: 'x', headers: { 'content-type': 'text/plain' } }, 415, { detail: /^Unsupported media type/ }]
  ]
  for (const [body, status, answer] of refusals) {
    const response = await update('"x"', body)
    t.equal(response.statusCode, status)
    t.match(response.json(), answer)
  }
  const taken = await update('"x"', {
    form: [
      ['avatar', { bytes: await jpeg() }],
      ['username', bob.username]
    ]
  })
  t.equal(taken.statusCode, 400)
  t.strictSame(row(ada.id), before)
  t.strictSame([pictures(), uploads()], [[], []])
})

t.test('of many who change what they all saw, one does', async (t) => {
  const { ada, tag, update, row, pictures, uploads } = await withUser(t)
  for (let round = 0; round < 20; round++) {
    const etag = await tag()
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => update(etag, { json: { first_name: `${round} ${index}` } }))
    )
    const written = answers.filter(({ statusCode }) => statusCode === 200)
    t.equal(written.length, 1)
    t.equal(answers.filter(({ statusCode }) => statusCode === 412).length, 7)
    t.equal(row(ada.id)?.first_name, written[0]?.json().first_name)
  }
  const etag = await tag()
  const bytes = await jpeg()
  const uploaded = await Promise.all(
    Array.from({ length: 4 }, () => update(etag, { form: [['avatar', { bytes }]] }))
  )
  t.strictSame(uploaded.map(({ statusCode }) => statusCode).sort(), [200, 412, 412, 412])
  t.strictSame(pictures(), [row(ada.id)?.avatar])
  t.strictSame(uploads(), [])
})
