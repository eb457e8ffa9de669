import { once } from 'node:events'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Database from 'better-sqlite3'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { eventually, PASSWORD } from '../helper.ts'
import { noise } from '../pictures.ts'
import { startService } from '../service.ts'

const BYTES_PER_SECOND = 3_000_000

const PAGE = `<!doctype html><input type="file"><script type="module">
import { createClient, isProfileError, webStorageTokens } from './client.js'
const tokens = webStorageTokens(localStorage)
globalThis.client = (baseUrl) => createClient({ baseUrl, tokens })
globalThis.tokens = tokens
globalThis.describe = (error) =>
  isProfileError(error) ? { status: error.status, fields: error.fields } : { name: error.name }
</script>`

import { openBrowser, slowUploads } from './browser.ts'

/** A site of its own whose page has the client, as a bundle for browsers. */
async function startSite(t: Test): Promise<string> {
  const entry = new URL('../../entries/client-browser.ts', import.meta.url).pathname
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    platform: 'browser',
    format: 'esm'
  })
  const script = outputFiles[0]?.text ?? ''
  const site = createServer(({ url }, response) => {
    const isScript = url === '/client.js'
    response
      .setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
      .end(isScript ? script : PAGE)
  })
  await once(site.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => site.close().closeAllConnections())
  return `http://localhost:${(site.address() as AddressInfo).port}`
}

async function openPage(t: Test, origin: string): Promise<Page> {
  const page = await (await openBrowser(t)).newPage()
  await page.goto(origin)
  await page.waitForFunction('globalThis.client')
  return page
}

t.test('the client in a page of another origin', async (t) => {
  const folder = t.testdir()
  const site = await startSite(t)
  const { origin } = await startService(t, folder, { CORS_ORIGINS: site })
  const page = await openPage(t, site)
  const run = <T>(script: string) =>
    page.evaluate<T>(`(async () => { const api = client('${origin}'); ${script} })()`)
  const account = JSON.stringify({ username: 'ada', email: 'ada@example.com', password: PASSWORD })
  const { id } = await run<{ id: number }>(`return api.signUp(${account})`)

  const database = new Database(`${folder}/data/profile.db`, { readonly: true })
  t.teardown(() => database.close())
  const avatar = () => database.prepare('select avatar from users where id = ?').pluck().get(id)
  const pictures = () => readdirSync(`${folder}/media/avatars`)
  const uploads = () => readdirSync(`${folder}/media/.uploads`)

  const photo = `${folder}/photo.jpg`
  writeFileSync(photo, await (await noise(3200, 2400)).jpeg({ quality: 90 }).toBuffer())
  await page.setInputFiles('input', photo)
  await slowUploads(page, BYTES_PER_SECOND)

  await t.test('an upload tells how far it is', async (t) => {
    const { told, user } = await run<{
      told: { sentBytes: number; totalBytes: number }[]
      user: { avatar: string }
    }>(`const told = []
      const file = document.querySelector('input').files[0]
      const user = await api.setAvatar(file, { onProgress: (progress) => told.push(progress) })
      return { told, user }`)
    const sent = told.map(({ sentBytes }) => sentBytes)
    t.ok(new Set(sent).size > 2, `${new Set(sent).size} times`)
    t.strictSame(
      sent,
      sent.toSorted((one, other) => one - other)
    )
    t.equal(sent.at(-1), told[0]?.totalBytes)
    t.ok(Number(sent.at(-1)) > statSync(photo).size)
    t.equal(user.avatar, `/media/avatars/${avatar()}`)
  })

  await t.test('a change that somebody else made is noticed', async (t) => {
    const outcome = await run(`const file = document.querySelector('input').files[0]
      const seen = await api.profile()
      const known = (await api.profile({ known: seen })) === seen
      const pictured = await api.setAvatar(file, { basedOn: seen, onProgress() {} })
      const stale = []
      for (const options of [{}, { onProgress() {} }])
        stale.push(await api.setAvatar(file, { basedOn: seen, ...options }).catch(describe))
      stale.push(await api.updateProfile({ first_name: 'x' }, { basedOn: seen }).catch(describe))
      const next = await api.updateProfile({ first_name: 'Ada' }, { basedOn: pictured })
      return { known, stale, name: next.first_name, isSame: next.avatar === pictured.avatar }`)
    const refused = { status: 412, fields: {} }
    t.strictSame(outcome, { known: true, stale: [refused, refused, refused], name: 'Ada', isSame: true })
    t.strictSame(pictures(), [avatar()])
    t.strictSame(uploads(), [])
  })

  await t.test('one that is aborted leaves nothing', async (t) => {
    const before = [avatar(), pictures()]
    const error = await run(`const abort = new AbortController()
      const file = document.querySelector('input').files[0]
      const upload = api.setAvatar(file, { signal: abort.signal, onProgress: () => abort.abort() })
      return upload.then(() => 'it was not', describe)`)
    t.strictSame(error, { name: 'AbortError' })
    await eventually('the file on its way was removed', () => uploads().length === 0)
    t.strictSame([avatar(), pictures()], before)
  })

  await t.test('what is refused is told by field, whichever way it went', async (t) => {
    const expected = { status: 400, fields: { avatar: [/^Upload a valid image/] } }
    for (const options of ['{}', '{ onProgress() {} }'])
      t.match(await run(`return api.setAvatar(new Blob(['x']), ${options}).catch(describe)`), expected)
    t.match(await run(`return api.updateProfile({ email: 'x' }).catch(describe)`), { status: 400 })
  })

  await t.test('calls that find their token expired share one refresh, uploads with them', async (t) => {
    const refreshes: string[] = []
    page.on('request', (sent) => {
      if (sent.method() === 'POST' && sent.url().endsWith('/token/refresh/')) refreshes.push(sent.url())
    })
    const users = await run<{ id: number }[]>(`tokens.set({ ...tokens.get(), access: 'x.y.z' })
      const file = document.querySelector('input').files[0]
      const upload = api.setAvatar(file, { onProgress() {} })
      return Promise.all([upload, ...Array.from({ length: 20 }, () => api.profile())])`)
    t.equal(users.length, 21)
    t.strictSame(new Set(users.map((user) => user.id)), new Set([id]))
    t.equal(refreshes.length, 1)
    t.equal(pictures().length, 1)
  })

  await t.test('signed out, the page has no token left', async (t) => {
    t.equal(await run(`await api.signOut(); return localStorage.length`), 0)
    t.match(await run(`return api.profile().catch(describe)`), { status: 401 })
  })
})
