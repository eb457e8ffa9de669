import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { PASSWORD } from '../helper.ts'
import { jpeg } from '../pictures.ts'
import { committed, operationsOf } from '../plugins/openapi/document.ts'
import { startService } from '../service.ts'
import { openBrowser } from './browser.ts'

/** A proxy that has the service below a path of its own; answers its origin with that path. */
async function startProxy(t: Test, target: string): Promise<string> {
  const proxy = createServer((received, response) => {
    const path = (received.url ?? '').replace(/^\/behind/, '')
    const { method, headers } = received
    if (path === received.url) return response.writeHead(404).end()
    const passed = request(target + path, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    received.pipe(passed)
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => proxy.close().closeAllConnections())
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/behind`
}

interface Watched {
  page: Page
  /** All that was asked for. */
  requested: string[]
  /** What the policy forbade, and what scripts failed of. */
  complaints: string[]
}

async function openPage(t: Test): Promise<Watched> {
  const page = await (await openBrowser(t)).newPage()
  const requested: string[] = []
  const complaints: string[] = []
  page.on('request', (sent) => requested.push(sent.url()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (/error|warning/.test(message.type())) complaints.push(message.text())
  })
  await page.exposeFunction('complain', (what: string) => void complaints.push(what))
  await page.addInitScript(
    `addEventListener('securitypolicyviolation', (event) => complain(event.violatedDirective + ' ' + event.blockedURI))`
  )
  return { page, requested, complaints }
}

/** Opens an operation to be tried; `execute` sends it, and answers what came back once the page shows it. */
async function tryOut(page: Page, id: string) {
  const operation = page.locator(`#operations-${id}`)
  await operation.locator('.opblock-summary-control').click()
  await operation.locator('.try-out__btn').click()
  return {
    operation,
    field: (name: string) => operation.locator(`input[placeholder="${name}"]`),
    async execute() {
      const answered = page.waitForResponse((one) => one.request().method() !== 'GET')
      await operation.locator('.execute').click()
      const response = await answered
      const status = response.status()
      const shown = operation.locator('.live-responses-table tbody .response-col_status')
      await shown.filter({ hasText: `${status}` }).waitFor()
      return { status, body: await response.json() }
    }
  }
}

t.test('the page shows every operation, and tries them, with nothing from elsewhere', async (t) => {
  const folder = t.testdir()
  const service = await startService(t, folder)
  const origin = await startProxy(t, service.origin)
  const { page, requested, complaints } = await openPage(t)
  await page.goto(`${origin}/docs`)
  await page.waitForSelector('.opblock')
  t.equal(page.url(), `${origin}/docs/`)
  const shown = await page.locator('.opblock').evaluateAll((all) => all.map((one) => one.id))
  const described = operationsOf(committed()).map(
    ({ operation }) => `operations-${operation.tags[0]}-${operation.operationId}`
  )
  t.strictSame(shown.sort(), described.sort())

  const signUp = await tryOut(page, 'Accounts-signUp')
  const account = { username: 'ada', email: 'ada@example.com', password: PASSWORD }
  await signUp.operation.locator('textarea').fill(JSON.stringify(account))
  const { status, body } = await signUp.execute()
  t.equal(status, 201)
  const { user, access } = body

  const update = await tryOut(page, 'Profile-updateProfile')
  await update.operation.locator('.content-type').first().selectOption('multipart/form-data')
  await update.field('id').fill(`${user.id}`)
  await t.test('without a token it is refused', async (t) => {
    const { status, body } = await update.execute()
    t.equal(status, 401)
    t.strictSame(body, { detail: 'Authentication credentials were not provided.' })
  })

  await page.click('.authorize')
  await page.fill('.auth-container input', access)
  await page.click('.auth-btn-wrapper .authorize')
  await page.click('.auth-btn-wrapper .btn-done')
  const file = `${folder}/photo.jpg`
  writeFileSync(file, await jpeg())

  let avatar: unknown
  await t.test('a form with a picture is sent', async (t) => {
    await update.operation.locator('input[type=file]').setInputFiles(file)
    const { status, body } = await update.execute()
    t.equal(status, 200)
    t.match(body, { username: 'john_doe_updated', avatar: /^\/media\/avatars\/[0-9a-f]{32}\.jpg$/ })
    avatar = body.avatar
  })

  await t.test('a form without one leaves the picture as it is', async (t) => {
    const patch = await tryOut(page, 'Profile-patchProfile')
    await patch.operation.locator('.content-type').first().selectOption('multipart/form-data')
    await patch.field('id').fill(`${user.id}`)
    await patch.field('first_name').fill('Ada')
    const { status, body } = await patch.execute()
    t.equal(status, 200)
    t.match(body, { first_name: 'Ada', avatar: String(avatar) })
  })

  t.strictSame(
    requested.filter((url) => !url.startsWith(`${origin}/`)),
    []
  )
  t.strictSame(
    complaints.filter((text) => !/401/.test(text)),
    []
  )
})
