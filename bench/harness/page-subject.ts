import { execFileSync } from 'node:child_process'
import { type Browser, type CDPSession, chromium } from 'playwright-core'
import type { Subject } from './interleave.ts'

/** So much slower than this machine is a phone of a few years ago (as Lighthouse has it). */
const CPU_SLOWDOWN = 4

/** Beside others, on a processor that is slowed down. */
const PATIENCE_MS = 180_000

/** Paints what is there once the page has drawn something of its own. */
const FIRST_PAINT = `new Promise((resolve) => new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (entry.name === 'first-contentful-paint') resolve(entry.startTime)
}).observe({ type: 'paint', buffered: true }))`

/** The system's Chromium. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim()
  return chromium.launch({ executablePath, args: ['--no-sandbox'] })
}

/**
 * A page as somebody sees it for the first time, with nothing in the cache: milliseconds to its first paint and until a part of it
 * is there, bytes as they were sent, headers included, and requests.
 * @param selector of the part that people wait for
 */
export const pageSubject = (browser: Browser, name: string, url: string, selector: string): Subject => ({
  name,
  async measure() {
    const context = await browser.newContext()
    try {
      const page = await context.newPage()
      page.setDefaultTimeout(PATIENCE_MS)
      const devTools = await context.newCDPSession(page)
      const sent = await countTransfers(devTools)
      await devTools.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN })
      await page.goto(url)
      const [firstPaintMs, usableMs] = await Promise.all([
        page.evaluate<number>(FIRST_PAINT),
        page.waitForSelector(selector).then(() => page.evaluate<number>('performance.now()'))
      ])
      await page.waitForLoadState('networkidle')
      return { firstPaintMs, usableMs, ...sent() }
    } finally {
      await context.close()
    }
  }
})

async function countTransfers(devTools: CDPSession) {
  let bytes = 0
  let requests = 0
  devTools.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
    requests++
  })
  await devTools.send('Network.enable')
  return () => ({ bytes, requests })
}
