import { mkdirSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { buildTestApp } from '../../helper.ts'
import { jpeg } from '../../pictures.ts'

t.test('a picture is served under headers that let it be cached for ever and run nothing', async (t) => {
  const { signUp, update, call } = await buildTestApp(t)
  const ada = await signUp()
  const { avatar } = (await update(ada, { form: [['avatar', { bytes: await jpeg() }]] })).json()
  const response = await call('GET', avatar)
  t.equal(response.statusCode, 200)
  t.match(response.headers, {
    'content-type': 'image/jpeg',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': 'public, max-age=31536000, immutable',
    'content-length': String(response.rawPayload.length),
    etag: /./
  })
  const head = await call('HEAD', avatar)
  t.equal(head.statusCode, 200)
  t.equal(head.body, '')
  const again = await call('GET', avatar, { headers: { 'if-none-match': String(response.headers.etag) } })
  t.equal(again.statusCode, 304)
  const part = await call('GET', avatar, { headers: { range: 'bytes=0-1' } })
  t.equal(part.statusCode, 206)
  t.equal(part.rawPayload.toString('hex'), 'ffd8')
  const beyond = await call('GET', avatar, { headers: { range: 'bytes=999999-' } })
  t.equal(beyond.statusCode, 416)
  t.equal(beyond.headers['content-range'], `bytes */${response.rawPayload.length}`)
  t.strictSame(beyond.json(), { detail: 'Range Not Satisfiable' })
})

t.test('nothing but pictures is served: no folder, no dotfile, nothing beside or above', async (t) => {
  const folder = t.testdir({
    '.env': 'CANARY',
    media: { 'canary.jpg': 'CANARY', '.uploads': { canary: 'CANARY' } }
  })
  const { call } = await buildTestApp(t, { folder })
  mkdirSync(`${folder}/media/avatars/sub`, { recursive: true })
  writeFileSync(`${folder}/media/avatars/.hidden.tmp`, 'CANARY')
  writeFileSync(`${folder}/media/avatars/sub/.hidden`, 'CANARY')
  const tricks = [
    '',
    '.',
    '..',
    'sub',
    'sub/',
    '.hidden.tmp',
    '%2ehidden.tmp',
    'sub/.hidden',
    '../canary.jpg',
    '..%2fcanary.jpg',
    '%2e%2e/canary.jpg',
    '%2e%2e%2fcanary.jpg',
    '..%5ccanary.jpg',
    '..\\canary.jpg',
    '../.uploads/canary',
    '../../.env',
    '..%2f..%2f.env',
    '....//canary.jpg',
    '/../canary.jpg',
    '//canary.jpg',
    '%00',
    'canary.jpg%00.png',
    'sub%2f.hidden',
    '%252e%252e%252fcanary.jpg',
    '../../data/profile.db',
    '..%2f..%2fdata%2fjwt-secret'
  ]
  for (const trick of tricks) {
    const response = await call('GET', `/media/avatars/${trick}`)
    t.equal(response.statusCode, 404, trick)
    t.strictSame(response.json(), { detail: 'Not found.' }, trick)
    t.notMatch(response.body, /CANARY|SQLite/, trick)
    t.match(response.headers['content-type'], /^application\/json/, trick)
  }
  for (const url of ['/media/', '/media/canary.jpg', '/media/.uploads/canary', '/media/avatars']) {
    t.equal((await call('GET', url)).statusCode, 404, url)
  }
})

t.test('pictures of an unknown name are not found, in the interface’s shape', async (t) => {
  const { call } = await buildTestApp(t)
  const response = await call('GET', '/media/avatars/0123456789abcdef.jpg')
  t.equal(response.statusCode, 404)
  t.strictSame(response.json(), { detail: 'Not found.' })
})

t.test('MEDIA_URL and API_PREFIX move everything', async (t) => {
  const { call } = await buildTestApp(t, { env: { MEDIA_URL: '/pictures', API_PREFIX: '/v1/users/' } })
  const json = { username: 'ada', email: 'ada@example.com', password: 'correct horse 42' }
  const { user, access } = (await call('POST', '/v1/users/sign-up/', { json })).json()
  const form = [['avatar', { bytes: await jpeg() }]] as Parameters<typeof call>[2]
  const url = `/v1/users/profile/${user.id}/update/`
  const { avatar } = (await call('PUT', url, { token: access, form: form as never })).json()
  t.match(avatar, /^\/pictures\/avatars\//)
  t.equal((await call('GET', avatar)).statusCode, 200)
  t.equal((await call('POST', '/api/sign-up/', { json })).statusCode, 404)
})
