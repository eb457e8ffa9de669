import { execFileSync } from 'node:child_process'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { Test } from 'tap'

/** The system's own Chromium, closed when the test ends. @param args more of its command line */
export async function openBrowser(t: Test, args: string[] = []): Promise<Browser> {
  const executablePath = execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim()
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', ...args] })
  t.teardown(() => browser.close())
  return browser
}

/** Makes a page's line slow enough for progress to be seen. */
export async function slowUploads(page: Page, bytesPerSecond: number): Promise<void> {
  const devTools = await page.context().newCDPSession(page)
  await devTools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: bytesPerSecond
  })
}
