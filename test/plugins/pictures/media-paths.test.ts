import t, { type Test } from 'tap'
import { adoptPictures } from '../../adopted-pictures.ts'
import { buildTestApp } from '../../helper.ts'
import { jpeg, png } from '../../pictures.ts'

const NOT_FOUND = { detail: 'Not found.' }

/** The service with pictures of these paths. */
async function withPictures(t: Test, pictures: Record<string, Buffer>, env: Record<string, string> = {}) {
  const service = await buildTestApp(t, { env })
  const keys = await adoptPictures(service.folder, pictures)
  const get = (url: string, headers: Record<string, string> = {}) => service.call('GET', url, { headers })
  return { ...service, keys, get }
}

t.test('a picture from elsewhere is served at the URL that it had', async (t) => {
  const urls: [path: string, ...urls: string[]][] = [
    ['avatars/alice (1).jpg', 'avatars/alice%20(1).jpg', 'avatars/alice%20%281%29.jpg'],
    ['avatars/a+b@c.jpg', 'avatars/a%2Bb%40c.jpg', 'avatars/a+b@c.jpg'],
    ['avatars/100%25.jpg', 'avatars/100%2525.jpg'],
    ['avatars/100%.jpg', 'avatars/100%25.jpg'],
    ['avatars/%2Ftwo.jpg', 'avatars/%252Ftwo.jpg'],
    ['avatars/2024/05/x.jpg', 'avatars/2024/05/x.jpg'],
    ['x.jpg', 'x.jpg', 'x.jpg?v=%2F', 'x.jpg/'],
    [
      'profile_pics/2024/05/foo_Xy12.jpg',
      'profile_pics/2024/05/foo_Xy12.jpg',
      'profile%5Fpics/2024/05/foo_Xy12.jpg'
    ],
    ['users/añil.png', 'users/a%C3%B1il.png', 'users/a%c3%b1il.png'],
    ['users/an\u0303il.png', 'users/an%CC%83il.png'],
    ['users/日本/😀.webp', 'users/%E6%97%A5%E6%9C%AC/%F0%9F%98%80.webp'],
    ["users/o'hara?#&;=,:$!~*.jpg", "users/o'hara%3F%23%26%3B%3D%2C%3A%24!~*.jpg"],
    ['users/"<b>".jpg', 'users/%22%3Cb%3E%22.jpg'],
    ['placeholders/user.png', 'placeholders/user.png'],
    ['placeholders/2024/AL-3.svg', 'placeholders/2024/AL-3.svg'],
    [`avatars/${'n'.repeat(255)}`, `avatars/${'n'.repeat(255)}`],
    [`avatars/${'日'.repeat(85)}`, `avatars/${encodeURIComponent('日'.repeat(85))}`],
    [`${'d/'.repeat(50)}x.jpg`, `${'d/'.repeat(50)}x.jpg`]
  ]
  const bytes = await jpeg()
  // A different end for each: a decoder's matter, not ours.
  const pictures = Object.fromEntries(
    urls.map(([path], index) => [path, Buffer.concat([bytes, Buffer.from([index])])])
  )
  const { get } = await withPictures(t, pictures)
  for (const [path, ...spellings] of urls)
    for (const url of spellings) {
      const response = await get(`/media/${url}`)
      t.equal(response.statusCode, 200, url)
      t.ok(pictures[path]?.equals(response.rawPayload), url)
      t.match(
        response.headers,
        {
          'content-type': 'image/jpeg',
          'x-content-type-options': 'nosniff',
          'content-security-policy': "default-src 'none'; sandbox",
          'cross-origin-resource-policy': 'cross-origin',
          'cache-control': 'public, max-age=31536000, immutable'
        },
        url
      )
    }
})

t.test('it can be asked for in parts, on a condition, and for its headers only', async (t) => {
  const bytes = await png()
  const { get, call } = await withPictures(t, { 'users/1/a b.jpg': bytes })
  const url = '/media/users/1/a%20b.jpg'
  const { headers } = await get(url)
  t.equal(headers['content-type'], 'image/png')
  t.equal((await get(url, { 'if-none-match': String(headers.etag) })).statusCode, 304)
  const part = await get(url, { range: 'bytes=1-3' })
  t.equal(part.statusCode, 206)
  t.equal(part.body, 'PNG')
  const beyond = await get(url, { range: 'bytes=9999999-' })
  t.equal(beyond.statusCode, 416)
  t.strictSame(beyond.json(), { detail: 'Range Not Satisfiable' })
  const head = await call('HEAD', url)
  t.equal(head.statusCode, 200)
  t.equal(head.headers['content-length'], String(bytes.length))
  t.equal(head.body, '')
  for (const method of ['POST', 'PUT', 'DELETE'] as const)
    t.equal((await call(method, url)).statusCode, 404, method)
  t.equal((await get(url)).statusCode, 200)
})

t.test('what is no picture by its bytes is only to be saved', async (t) => {
  const { get } = await withPictures(t, {
    'docs/page.html': Buffer.from('<html><script>alert(1)</script>'),
    'docs/drawing.svg': Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    'docs/empty.jpg': Buffer.alloc(0)
  })
  for (const url of ['docs/page.html', 'docs/drawing.svg', 'docs/empty.jpg'])
    t.match(await get(`/media/${url}`), {
      statusCode: 200,
      headers: {
        'content-type': 'application/octet-stream',
        'content-disposition': 'attachment',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox"
      }
    })
})

t.test('it has this one URL: no folder is listed, no name is another’s', async (t) => {
  const { get, keys } = await withPictures(t, { 'users/a.jpg': await jpeg(), 'avatars/b.jpg': await jpeg() })
  t.strictSame(keys, ['%2Fusers%2Fa.jpg', 'b.jpg'])
  const urls = [
    'users',
    'users/',
    'avatars',
    'avatars/',
    '',
    'b.jpg',
    'users/b.jpg',
    'avatars/a.jpg',
    'avatars/users/a.jpg',
    'users%2Fa.jpg',
    'users%2fa.jpg',
    '%2Fusers/a.jpg',
    '%2Fusers%2Fa.jpg',
    '%252Fusers%252Fa.jpg',
    'avatars/%2Fusers%2Fa.jpg',
    'avatars/%252Fusers%252Fa.jpg',
    'avatars/%25252Fusers%25252Fa.jpg',
    'avatars%2Fb.jpg',
    'avatars/./b.jpg%00',
    'users//a.jpg',
    'users/a.jpg//',
    'users/A.jpg',
    'Users/a.jpg',
    'users/a.jpg%20',
    'users/a.jpg%0A',
    'users%5Ca.jpg'
  ]
  for (const url of urls) {
    const response = await get(`/media/${url}`)
    t.equal(response.statusCode, 404, url)
    t.strictSame(response.json(), NOT_FOUND, url)
  }
  for (const url of ['/media/users/a.jpg', '/media/avatars/b.jpg']) t.equal((await get(url)).statusCode, 200)
})

t.test('names differ by how they are written, not by what they look like', async (t) => {
  const { get } = await withPictures(t, { 'users/\u00e9.jpg': await jpeg() })
  t.equal((await get('/media/users/%C3%A9.jpg')).statusCode, 200)
  t.equal((await get('/media/users/e%CC%81.jpg')).statusCode, 404)
})

t.test('initials are still drawn, and nothing else is', async (t) => {
  const { get } = await withPictures(t, { 'placeholders/user.png': await png() })
  for (const name of ['AL-3.svg', '-6.svg', '%C5%81-0.svg', '%F0%9D%94%84%F0%9D%94%84-11.svg'])
    t.match(await get(`/media/placeholders/${name}`), { headers: { 'content-type': 'image/svg+xml' } }, name)
  for (const name of [
    '',
    'AL-12.svg',
    'ABC-1.svg',
    'A-01.svg',
    '<b-1.svg',
    'A-1.svg.png',
    `${'A'.repeat(500)}-1.svg`
  ]) {
    const response = await get(`/media/placeholders/${name}`)
    t.equal(response.statusCode, 404, name)
    t.strictSame(response.json(), NOT_FOUND, name)
  }
})

t.test('MEDIA_URL stands before it', async (t) => {
  const { get } = await withPictures(t, { 'users/a.jpg': await jpeg() }, { MEDIA_URL: '/static/pictures' })
  t.equal((await get('/static/pictures/users/a.jpg')).statusCode, 200)
  t.equal((await get('/media/users/a.jpg')).statusCode, 404)
})
