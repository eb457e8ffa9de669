import { once } from 'node:events'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Database from 'better-sqlite3'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { eventually, PASSWORD } from '../helper.ts'
import { noise } from '../pictures.ts'
import { startService } from '../service.ts'
import { openBrowser, slowUploads } from './browser.ts'

const PAGE = readFileSync(new URL('upload-page.html', import.meta.url))
const BYTES_PER_SECOND = 3_000_000

/** What the page's `upload` answers. */
interface Outcome {
  type: 'load' | 'error' | 'abort'
  loaded: number[]
  status: number
  body: string
}

/** A site of its own with one page, and the site's origin. */
async function startSite(t: Test): Promise<string> {
  const site = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(PAGE)
  })
  await once(site.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => site.close().closeAllConnections())
  return `http://localhost:${(site.address() as AddressInfo).port}`
}

/** The page in a browser whose line is slow enough for progress to be seen. */
async function openPage(t: Test, origin: string): Promise<Page> {
  const page = await (await openBrowser(t)).newPage()
  await page.goto(origin)
  await slowUploads(page, BYTES_PER_SECOND)
  return page
}

t.test('a page of another origin uploads a picture by XMLHttpRequest', async (t) => {
  const folder = t.testdir()
  const site = await startSite(t)
  const { origin } = await startService(t, folder, { CORS_ORIGINS: site })
  const account = { username: 'ada', email: 'ada@example.com', password: PASSWORD }
  const made = await fetch(`${origin}/api/sign-up/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(account)
  })
  const { user, access } = (await made.json()) as { user: { id: number }; access: string }
  const photo = `${folder}/photo.jpg`
  writeFileSync(photo, await (await noise(3200, 2400)).jpeg({ quality: 90 }).toBuffer())
  const { size } = statSync(photo)
  t.ok(size > 4_000_000 && size < 10_000_000, `${size} bytes`)

  const database = new Database(`${folder}/data/profile.db`, { readonly: true })
  t.teardown(() => database.close())
  const row = () => database.prepare('select * from users where id = ?').get(user.id)
  const pictures = () => readdirSync(`${folder}/media/avatars`)
  const uploads = () => readdirSync(`${folder}/media/.uploads`)

  const page = await openPage(t, site)
  await page.exposeFunction('fileReachedDisk', () =>
    eventually('the file reached the disk', () => uploads().length > 0)
  )
  await page.setInputFiles('input', photo)
  const upload = (options: { token: string; abortAtProgress?: boolean }) => {
    const sent = { url: `${origin}/api/profile/${user.id}/update/`, ...options }
    return page.evaluate<Outcome>(`upload(${JSON.stringify(sent)})`)
  }

  await t.test('it sees the progress, the answer and the picture', async (t) => {
    const { type, loaded, status, body } = await upload({ token: access })
    t.strictSame({ type, status }, { type: 'load', status: 200 })
    t.ok(new Set(loaded).size > 1, `progress at ${loaded}`)
    t.strictSame(
      loaded,
      loaded.toSorted((one, other) => one - other)
    )
    t.ok(Number(loaded.at(-1)) > size, 'the last of it says all of the form')
    const { avatar } = JSON.parse(body)
    t.match(avatar, /^\/media\/avatars\/[0-9a-f]{32}\.jpg$/)
    t.equal(await page.evaluate<number>(`show('${origin}${avatar}')`), 512)
    t.strictSame(pictures(), [avatar.split('/').at(-1)])
    t.strictSame(uploads(), [])
  })

  await t.test('an upload that it aborts leaves nothing', async (t) => {
    const [before, files] = [row(), pictures()]
    const { type, loaded, status } = await upload({ token: access, abortAtProgress: true })
    t.strictSame({ type, status }, { type: 'abort', status: 0 })
    t.ok(Number(loaded.at(-1)) < size, `it had sent ${loaded.at(-1)} bytes`)
    await eventually('the file on its way was removed', () => uploads().length === 0)
    t.strictSame(row(), before)
    t.strictSame(pictures(), files)
  })

  await t.test('a refusal can be read, although the picture was on its way', async (t) => {
    const [before, files] = [row(), pictures()]
    const { type, status, body } = await upload({ token: 'no-token' })
    t.strictSame({ type, status }, { type: 'load', status: 401 })
    t.match(JSON.parse(body), { code: 'token_not_valid', detail: /./ })
    t.strictSame(row(), before)
    t.strictSame([...pictures(), ...uploads()], files)
  })
})
