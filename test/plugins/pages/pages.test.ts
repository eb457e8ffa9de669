import t from 'tap'
import { pageHeaders } from '../../../plugins/pages/page-headers.ts'
import userProfile from '../../../plugins/user-profile.ts'
import { buildTestApp } from '../../helper.ts'
import { hostApp, ownFolder } from '../host/host-app.ts'

t.test(
  'the account page loads nothing but what lies below it, under a policy that allows nothing else',
  async (t) => {
    for (const ignoreTrailingSlash of [true, false]) {
      const app = hostApp(t, { routerOptions: { ignoreTrailingSlash } })
      await app.register(userProfile, { ...ownFolder(t.testdir()), prefix: '/accounts', pages: true })
      const bare = await app.inject('/accounts/account')
      t.equal(bare.statusCode, 302)
      t.equal(bare.headers.location, 'account/', 'relative, for proxies that have a path of their own')
      const page = await app.inject('/accounts/account/?x=1')
      t.equal(page.statusCode, 200)
      t.match(page.headers, {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'x-content-type-options': 'nosniff'
      })
      const policy = String(page.headers['content-security-policy'])
      t.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/)
      t.notMatch(policy, /unsafe|https?:|\*/)
      t.notMatch(page.body, /<script(?![^>]* src=)|<style|\son\w+=/, 'nothing inline')
      const loaded = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path)
      t.ok(loaded.length >= 3)
      for (const path of loaded) {
        t.match(path, /^\.\.\/account\/assets\/[\w.-]+$/)
        const file = await app.inject(`/accounts/account/${path}`)
        t.equal(file.statusCode, 200, path)
        t.match(file.headers, {
          'cache-control': 'public, max-age=31536000, immutable',
          'content-security-policy': policy,
          'x-content-type-options': 'nosniff'
        })
      }
      for (const name of ['..%2findex.html', '..%2f..%2flicences.md', 'x.js', '.', 'show', 'x.js.br'])
        t.equal((await app.inject(`/accounts/account/assets/${name}`)).statusCode, 404, name)
    }
  }
)

t.test('what is loaded comes compressed as the browser takes it', async (t) => {
  const { call } = await buildTestApp(t)
  const { body } = await call('GET', '/account/')
  const [, sheet = ''] = /href="\.\.(\/account\/assets\/[^"]+\.css)"/.exec(body) ?? []
  const sizes = await Promise.all(
    ['br', 'gzip', 'identity'].map(async (encoding) => {
      const { statusCode, headers, rawPayload } = await call('GET', sheet, {
        headers: { 'accept-encoding': encoding }
      })
      t.equal(statusCode, 200)
      t.equal(headers['content-encoding'] ?? 'identity', encoding)
      t.match(headers, { vary: /accept-encoding/i, 'content-type': /^text\/css/ })
      return rawPayload.length
    })
  )
  t.strictSame(
    sizes,
    sizes.toSorted((a, b) => a - b)
  )
})

t.test('the page knows its settings, and is not sent twice', async (t) => {
  const { call } = await buildTestApp(t, { env: { API_PREFIX: '/v1', SIGN_UP: 'closed' } })
  const { body, headers } = await call('GET', '/account/')
  const [, written = ''] = /name="settings" content="([^"]*)"/.exec(body) ?? []
  t.strictSame(JSON.parse(written.replaceAll('&quot;', '"')), {
    apiPrefix: '/v1',
    signUpOpen: false,
    avatarMaxBytes: 10_485_760,
    avatarMaxSide: 512,
    admin: true
  })
  const again = await call('GET', '/account/', { headers: { 'if-none-match': String(headers.etag) } })
  t.equal(again.statusCode, 304)
  t.equal(again.body, '')
})

t.test('there are no pages where they are off', async (t) => {
  const { call } = await buildTestApp(t, { env: { PAGES: 'off' } })
  for (const path of ['/account/', '/admin/']) t.equal((await call('GET', path)).statusCode, 404, path)
})

t.test('pictures that come from a bucket are allowed by its origin', async (t) => {
  t.match(
    pageHeaders(['https://pictures.example.com'])['content-security-policy'],
    "img-src 'self' data: blob: https://pictures.example.com;"
  )
})
