import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { build } from 'esbuild'
import type { BrowserContext, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { eventually, PASSWORD, unique } from '../helper.ts'
import { startService } from '../service.ts'
import { PLAIN, SECURE } from '../session-cookie.ts'
import { openBrowser } from './browser.ts'

/** What a real browser does with the session's cookie, which no test without one can know. */
const PAGE = `<!doctype html><script type="module">
import { createClient, isProfileError } from '/test-client.js'
globalThis.client = createClient({ baseUrl: location.origin, session: 'cookie' })
globalThis.describe = (error) => isProfileError(error) ? { status: error.status, code: error.code } : String(error)
</script>`

const LAN = 'intranet.example'
const TLS = new URL('../certificates/', import.meta.url)

async function bundleClient(): Promise<string> {
  const entry = new URL('../../entries/client-browser.ts', import.meta.url).pathname
  const options = { bundle: true, minify: true, write: false, platform: 'browser', format: 'esm' } as const
  return (await build({ entryPoints: [entry], ...options })).outputFiles[0]?.text ?? ''
}

/**
 * In front of the service, with a page and the client in the same origin.
 * @param tls ends TLS, and tells the service neither the scheme nor the host that the browser used
 */
async function startFront(t: Test, service: string, { tls }: { tls: boolean }) {
  const client = await bundleClient()
  const { port: servicePort, host } = new URL(service)
  /** Requests of the session: where the browser says they come from, whether with a cookie, and what was answered. */
  const asked: { method: string; site: unknown; cookie: boolean; status: number }[] = []
  let delayMs = 0
  function forward(sent: IncomingMessage, response: ServerResponse): void {
    if (sent.url === '/test-page') return void response.setHeader('content-type', 'text/html').end(PAGE)
    if (sent.url === '/test-client.js')
      return void response.setHeader('content-type', 'text/javascript').end(client)
    const headers = { ...sent.headers, ...(tls && { host }) }
    const options = { port: servicePort, path: sent.url, method: sent.method, headers }
    const passed = request(options, (answer) => {
      const { method = '', headers: given } = sent
      const status = answer.statusCode ?? 502
      if (sent.url === '/api/session/')
        asked.push({ method, site: given['sec-fetch-site'], cookie: given.cookie !== undefined, status })
      setTimeout(() => {
        response.writeHead(status, answer.headers)
        answer.pipe(response)
      }, delayMs)
    })
    sent.pipe(passed)
  }
  const [key, cert] = ['server.key', 'server.pem'].map((name) => readFileSync(new URL(name, TLS)))
  const server = tls && key && cert ? createTlsServer({ key, cert }, forward) : createServer(forward)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => server.close().closeAllConnections())
  const { port } = server.address() as AddressInfo
  return {
    port,
    asked,
    delay(milliseconds: number) {
      delayMs = milliseconds
    }
  }
}

/** A browser with a cookie jar of its own. */
async function openContext(t: Test): Promise<BrowserContext> {
  const browser = await openBrowser(t, [`--host-resolver-rules=MAP ${LAN} 127.0.0.1`])
  return browser.newContext({ ignoreHTTPSErrors: true })
}

async function openPage(context: BrowserContext, origin: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${origin}/test-page`)
  await page.waitForFunction('globalThis.client')
  return page
}

const run = <T>(page: Page, script: string) => page.evaluate<T>(`(async () => { ${script} })()`)

const newAccount = () => {
  const username = unique('user')
  return JSON.stringify({ username, email: `${username}@example.com`, password: PASSWORD })
}

t.test('in pages of localhost, of a network without TLS, and behind a proxy that ends it', async (t) => {
  const { origin } = await startService(t, t.testdir())
  const plain = await startFront(t, origin, { tls: false })
  const tls = await startFront(t, origin, { tls: true })
  const secured = `https://localhost:${tls.port}`
  const places: [origin: string, name: string, secure: boolean, site: string | undefined][] = [
    [`http://localhost:${plain.port}`, PLAIN, false, 'same-origin'],
    [`http://${LAN}:${plain.port}`, PLAIN, false, undefined],
    [secured, SECURE, true, 'same-origin']
  ]
  for (const [place, name, secure, site] of places) {
    await t.test(place.replace(/\d+$/, 'port'), async (t) => {
      const context = await openContext(t)
      const page = await openPage(context, place)
      plain.asked.length = 0
      tls.asked.length = 0
      t.equal(await run(page, 'return client.resume()'), undefined)
      const { id } = await run<{ id: number }>(page, `return client.signUp(${newAccount()})`)
      const [cookie, ...others] = await context.cookies(`${place}/api/session/`)
      t.match(cookie, { name, secure, httpOnly: true, sameSite: 'Strict', path: '/api/session/' })
      t.equal(others.length, 0)
      t.ok(Number(cookie?.expires) > Date.now() / 1000 + 1_000_000, 'it outlives the browser')
      t.strictSame(await context.cookies(`${place}/api/profile/`), [], 'it goes nowhere else')
      t.equal(await run(page, 'return document.cookie + localStorage.length'), '0')
      const tabs = await Promise.all(Array.from({ length: 3 }, () => openPage(context, place)))
      const users = await Promise.all(tabs.map((tab) => run<{ id: number }>(tab, 'return client.resume()')))
      t.strictSame(
        users.map((user) => user.id),
        [id, id, id]
      )
      await page.reload()
      await page.waitForFunction('globalThis.client')
      t.match(await run(page, 'return client.resume()'), { id })
      t.match(await run(page, 'return client.profile()'), { id })
      await run(page, 'return client.signOut()')
      t.strictSame(await context.cookies(`${place}/api/session/`), [])
      t.equal(await run(page, 'return client.resume()'), undefined)
      const asked = [...plain.asked, ...tls.asked]
      t.equal(asked.length, 8)
      t.ok(asked.every((one) => one.site === site))
    })
  }

  await t.test('a page that is left in the midst of a refresh leaves the next cookie', async (t) => {
    const context = await openContext(t)
    const page = await openPage(context, secured)
    const { id } = await run<{ id: number }>(page, `return client.signUp(${newAccount()})`)
    const value = async () => (await context.cookies(`${secured}/api/session/`))[0]?.value
    const before = await value()
    tls.delay(1500)
    const asked = page.waitForRequest(`${secured}/api/session/`)
    await page.evaluate('void client.resume()')
    await asked
    await page.goto('about:blank')
    t.equal(await value(), before, 'it was left before the answer')
    await eventually('the answer came', async () => (await value()) !== before)
    tls.delay(0)
    t.match(await run(await openPage(context, secured), 'return client.resume()'), { id })
  })
})

t.test('a page of another origin can’t use the cookie, though CORS is open to it', async (t) => {
  const site = createServer((_request, response) =>
    response.setHeader('content-type', 'text/html').end('<p>')
  )
  await once(site.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => site.close().closeAllConnections())
  // Of the same site: what SameSite is for does not stop it.
  const friend = `http://localhost:${(site.address() as AddressInfo).port}`
  const { origin } = await startService(t, t.testdir(), { CORS_ORIGINS: friend })
  const front = await startFront(t, origin, { tls: false })
  const place = `http://localhost:${front.port}`
  const context = await openContext(t)
  const own = await openPage(context, place)
  const { id } = await run<{ id: number }>(own, `return client.signUp(${newAccount()})`)
  front.asked.length = 0
  const foreign = await context.newPage()
  await foreign.goto(friend)
  const attempt = (init: string) =>
    run(foreign, `return fetch('${place}/api/session/', ${init}).then((answer) => answer.status, String)`)
  const header = `headers: { 'x-same-origin': '1' }`
  for (const method of ['POST', 'PUT', 'DELETE']) {
    t.match(await attempt(`{ method: '${method}', credentials: 'include', ${header} }`), /Failed to fetch/)
    t.equal(await attempt(`{ method: '${method}', ${header} }`), 403)
  }
  // Without asking first: these come with the cookie.
  t.match(await attempt(`{ method: 'POST', mode: 'no-cors', credentials: 'include' }`), /Failed to fetch/)
  await foreign.setContent(`<form method="post" action="${place}/api/session/"><button>`)
  await Promise.all([foreign.waitForURL('**/api/session/'), foreign.click('button')])
  t.match(await foreign.textContent('body'), /Not authorized/)
  const asked = front.asked.filter(({ method }) => method !== 'OPTIONS')
  t.strictSame(
    asked.map(({ method, cookie }) => `${method} ${cookie}`),
    ['POST false', 'PUT false', 'DELETE false', 'POST true', 'POST true']
  )
  t.ok(asked.every(({ status, site }) => status === 403 && site === 'same-site'))
  t.match(await run(own, 'return client.resume()'), { id }, 'the session goes on')
})
