import t from 'tap'
import userProfile from '../../../plugins/user-profile.ts'
import { buildTestApp } from '../../helper.ts'
import { hostApp, ownFolder } from '../host/host-app.ts'
import { committed } from '../openapi/document.ts'

t.test('the service serves its document, with a tag by which it is not sent twice', async (t) => {
  const { call } = await buildTestApp(t, { env: { RATE_LIMIT: 'on' } })
  const answers = await Promise.all(['/openapi.json', '/openapi.json'].map((url) => call('GET', url)))
  for (const { statusCode, headers, body } of answers) {
    t.equal(statusCode, 200)
    t.match(headers, {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff'
    })
    t.strictSame(JSON.parse(body), committed())
  }
  const etag = String(answers[0]?.headers.etag)
  const again = await call('GET', '/openapi.json', { headers: { 'if-none-match': etag } })
  t.equal(again.statusCode, 304)
  t.equal(again.body, '')
  const head = await call('HEAD', '/openapi.json')
  t.equal(head.headers.etag, etag)
})

t.test(
  'the page loads nothing but what lies beside it, under a policy that allows nothing else',
  async (t) => {
    for (const ignoreTrailingSlash of [true, false]) {
      const app = hostApp(t, { routerOptions: { ignoreTrailingSlash } })
      await app.register(userProfile, { ...ownFolder(t.testdir()), prefix: '/accounts', docs: true })
      const bare = await app.inject('/accounts/docs')
      t.equal(bare.statusCode, 302)
      t.equal(bare.headers.location, 'docs/', 'relative, for proxies that have a path of their own')
      const page = await app.inject('/accounts/docs/?x=1')
      t.equal(page.statusCode, 200)
      t.match(page.headers['content-type'], /^text\/html/)
      const policy = String(page.headers['content-security-policy'])
      t.match(policy, /^default-src 'none'; script-src 'self'/)
      t.notMatch(policy, /unsafe|https?:|\*/)
      const loaded = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path)
      t.equal(loaded.length, 4)
      for (const path of loaded) {
        t.match(path, /^[\w.-]+$/)
        const file = await app.inject(`/accounts/docs/${path}`)
        t.equal(file.statusCode, 200, path)
        t.ok(file.rawPayload.length > 100, path)
        t.match(file.headers['content-security-policy'], policy)
      }
      const script = await app.inject('/accounts/docs/page.js')
      t.match(script.headers['content-type'], /^text\/javascript/)
      const document = (await app.inject('/accounts/openapi.json')).json()
      t.ok('/profile/{id}/update/' in document.paths, 'below the document’s own folder')
      t.strictSame(document.servers, [{ url: '.' }])
      for (const name of ['oauth2-redirect.html', 'swagger-ui.js', '..%2fpackage.json', 'csp.json', 'x'])
        t.equal((await app.inject(`/accounts/docs/${name}`)).statusCode, 404, name)
    }
  }
)

t.test('a host has them where it asks for them, the service unless it is told not to', async (t) => {
  const app = hostApp(t)
  await app.register(userProfile, ownFolder(t.testdir()))
  const { call } = await buildTestApp(t, { env: { API_DOCS: 'off' } })
  for (const url of ['/openapi.json', '/docs/', '/docs/page.js']) {
    t.equal((await app.inject(url)).statusCode, 404, url)
    t.equal((await call('GET', url)).statusCode, 404, url)
  }
})
