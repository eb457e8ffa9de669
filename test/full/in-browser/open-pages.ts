import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { AxeResults } from 'axe-core'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import type { Test } from 'tap'
import { type Service, startService } from '../../service.ts'
import { openBrowser } from '../browser.ts'

/** Written anew by each run, for people to look at. */
const SCREENSHOTS = fileURLToPath(new URL('../../screenshots/', import.meta.url))

/** A phone of today, held upright. */
export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true
}

export const DARK: BrowserContextOptions = { colorScheme: 'dark' }
export const SPANISH: BrowserContextOptions = { locale: 'es-MX' }

/** The running service, and pages of it in the system's Chromium. */
export interface OpenedPages {
  service: Service
  browser: Browser
  /** Where the service keeps what it has: `data/profile.db`, `media/avatars`. */
  folder: string
  /**
   * A page in a browser profile of its own, which fails the test where it loads anything from elsewhere, breaks its policy, or
   * throws what nothing caught.
   */
  open(t: Test, path: string, options?: BrowserContextOptions): Promise<Page>
  /** Another tab of the same browser profile, on the same terms. */
  openTab(t: Test, beside: Page, path: string): Promise<Page>
}

/** @param browserArgs of Chromium's command line */
export async function openPages(
  t: Test,
  env: Record<string, string> = {},
  browserArgs: string[] = []
): Promise<OpenedPages> {
  const folder = t.testdir()
  const service = await startService(t, folder, env)
  const browser = await openBrowser(t, browserArgs)
  async function openIn(t: Test, context: BrowserContext, path: string): Promise<Page> {
    const page = await context.newPage()
    failOnFaults(t, page, service.origin)
    await page.goto(service.origin + path)
    return page
  }
  return {
    service,
    browser,
    folder,
    async open(t, path, options = {}) {
      const context = await browser.newContext({ locale: 'en-GB', ...options })
      t.teardown(() => context.close())
      return openIn(t, context, path)
    },
    openTab: (t, beside, path) => openIn(t, beside.context(), path)
  }
}

function failOnFaults(t: Test, page: Page, origin: string): void {
  page.on('pageerror', (error) => t.fail(`the page threw: ${error.message}`))
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) t.fail(message.text())
  })
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(origin) && !/^(?:blob|data):/.test(url)) t.fail(`it asked for ${url}`)
  })
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Holds that axe finds nothing wrong with a page as it is now: the rules of WCAG 2.2 A and AA, and its own good practice. */
export async function checkAccessibility(t: Test, page: Page, name: string): Promise<void> {
  await page.evaluate(AXE)
  const { violations, passes } = await page.evaluate<AxeResults>('axe.run(document)')
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
  t.strictSame(found, [], `axe: ${name}`)
  t.ok(passes.length > 10, `axe looked at it: ${passes.length} rules`)
}

/** For people to look at, in test/screenshots. @param options a dialogue is in the middle of what is seen, not of the page */
export async function screenshot(page: Page, name: string, { fullPage = true } = {}): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true })
  await page.screenshot({ path: `${SCREENSHOTS}${name}.png`, fullPage, animations: 'disabled' })
}

/** A line like that of a phone far from its mast: 50 KB a second each way, a third of a second late. */
export async function slowLine(page: Page): Promise<void> {
  const devTools = await page.context().newCDPSession(page)
  await devTools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 300,
    downloadThroughput: 50_000,
    uploadThroughput: 50_000
  })
}
