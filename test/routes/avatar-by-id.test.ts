import sharp from 'sharp'
import t from 'tap'
import { buildTestApp, type FilePart } from '../helper.ts'
import { jpeg, noise } from '../pictures.ts'

const avatar = (bytes: Buffer): [string, FilePart] => ['avatar', { bytes }]

t.test('a user’s avatar is where the redirect says, without a token', async (t) => {
  const { signUp, update, call, pictures } = await buildTestApp(t)
  const ada = await signUp()
  const photo = await (await noise(600, 400)).jpeg().toBuffer()
  const { avatar: url } = (await update(ada, { form: [avatar(photo)] })).json()
  const stem = url.replace('.jpg', '')
  const expected: [query: string, path: string][] = [
    ['', url],
    ['?size=', url],
    ['?size=1', `${stem}@32.webp`],
    ['?size=32', `${stem}@32.webp`],
    ['?size=33', `${stem}@64.webp`],
    ['?size=100', `${stem}@128.webp`],
    ['?size=256', `${stem}@256.webp`],
    ['?size=257', url],
    ['?size=2048', url]
  ]
  for (const [query, path] of expected) {
    for (const slash of ['', '/']) {
      const response = await call('GET', `/api/avatars/${ada.id}${slash}${query}`)
      t.equal(response.statusCode, 302, query)
      t.match(response.headers, { location: path, 'cache-control': 'public, max-age=60' }, query)
    }
  }
  t.equal(pictures().length, 1, 'a redirect makes nothing')
  const square = await call('GET', `${stem}@128.webp`)
  t.match(await sharp(square.rawPayload).metadata(), { format: 'webp', width: 128, height: 128 })
  t.equal((await call('HEAD', `/api/avatars/${ada.id}`)).statusCode, 302)
})

t.test('without a picture there are initials, drawn from the names', async (t) => {
  const { signUp, update, call } = await buildTestApp(t)
  const ada = await signUp({ username: 'ada', first_name: 'Ada', last_name: 'lovelace' })
  const { location } = (await call('GET', `/api/avatars/${ada.id}?size=64`)).headers
  t.match(location, new RegExp(`^/media/placeholders/AL-${(ada.id * 5) % 12}\\.svg$`))
  const drawing = await call('GET', String(location))
  t.equal(drawing.statusCode, 200)
  t.match(drawing.headers, {
    'content-type': 'image/svg+xml',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'public, max-age=31536000, immutable'
  })
  t.match(drawing.body, />AL<\/text>/)
  t.equal((await sharp(Buffer.from(drawing.body)).metadata()).width, 256, 'it is a picture')
  await update(ada, { json: { first_name: 'ł', last_name: '' } })
  const renamed = (await call('GET', `/api/avatars/${ada.id}`)).headers.location
  t.equal(renamed, `/media/placeholders/${encodeURIComponent('Ł')}-${(ada.id * 5) % 12}.svg`)
  t.match((await call('GET', String(renamed))).body, />Ł<\/text>/)
})

t.test('nobody, an inactive user and a deleted one are not found', async (t) => {
  const { signUp, call, sql } = await buildTestApp(t)
  const [ada, bob] = [await signUp(), await signUp()]
  sql('update users set is_active = 0 where id = ?', ada.id)
  await call('DELETE', `/api/profile/${bob.id}/delete/`, { token: bob.access })
  for (const id of [ada.id, bob.id, 999_999, 0, -1, 'x', '1e3', '%00', '..']) {
    const response = await call('GET', `/api/avatars/${id}?size=64`)
    t.equal(response.statusCode, 404, `${id}`)
    t.strictSame(response.json(), { detail: 'Not found.' }, `${id}`)
  }
})

t.test('a size that is none is refused', async (t) => {
  const { signUp, call } = await buildTestApp(t)
  const { id } = await signUp()
  const refused: [string, string][] = [
    ['0', 'Ensure this value is greater than or equal to 1.'],
    ['2049', 'Ensure this value is less than or equal to 2048.'],
    ['99999999999', 'A valid integer is required.'],
    ['-1', 'A valid integer is required.'],
    ['64px', 'A valid integer is required.'],
    ['1.5', 'A valid integer is required.'],
    ['%00', 'A valid integer is required.']
  ]
  for (const [size, sentence] of refused) {
    const response = await call('GET', `/api/avatars/${id}?size=${size}`)
    t.equal(response.statusCode, 400, size)
    t.strictSame(response.json(), { size: [sentence] }, size)
  }
  const twice = await call('GET', `/api/avatars/${id}?size=1&size=2`)
  t.equal(twice.statusCode, 400)
  t.strictSame(twice.json(), { size: ['A valid integer is required.'] })
})

t.test('a picture with a name from elsewhere has no squares: the redirect leads to itself', async (t) => {
  const { signUp, call, sql } = await buildTestApp(t)
  const { id } = await signUp()
  sql('update users set avatar = ? where id = ?', 'foto_é.jpg', id)
  t.equal(
    (await call('GET', `/api/avatars/${id}?size=64`)).headers.location,
    '/media/avatars/foto_%C3%A9.jpg'
  )
})

t.test('AVATAR_BY_ID=off takes the lookup away', async (t) => {
  const { signUp, update, call } = await buildTestApp(t, { env: { AVATAR_BY_ID: 'off' } })
  const ada = await signUp()
  const { avatar: url } = (await update(ada, { form: [avatar(await jpeg())] })).json()
  t.equal((await call('GET', `/api/avatars/${ada.id}`)).statusCode, 404)
  t.equal((await call('GET', url)).statusCode, 200)
})

t.test('lookups are limited by address', async (t) => {
  const { signUp, call } = await buildTestApp(t, { env: { RATE_LIMIT: 'on' } })
  const { id } = await signUp()
  const statuses: number[] = []
  for (let attempt = 0; attempt <= 600; attempt++)
    statuses.push((await call('GET', `/api/avatars/${id}`)).statusCode)
  t.strictSame([...new Set(statuses)], [302, 429])
  t.equal(statuses.indexOf(429), 600)
})
