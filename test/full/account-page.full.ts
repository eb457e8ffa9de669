import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import t from 'tap'
import { makePerson, type Person, part, signInOn, title } from './in-browser/account-steps.ts'
import { checkAccessibility, DARK, openPages, PHONE, screenshot } from './in-browser/open-pages.ts'

/** All that the account page may load, with what it loads late, compressed and with headers. */
const MAX_BYTES = 100_000

const PORTRAIT = new URL('../portrait.jpg', import.meta.url)

t.test('the account page', async (t) => {
  const { open, service } = await openPages(t)

  async function makeAda(): Promise<Person> {
    const name = { first_name: 'Ada', last_name: 'Lovelace', number_phone: '5512345678' }
    const person = await makePerson(service.origin, 'ada', name)
    const form = new FormData()
    form.append('avatar', new Blob([readFileSync(PORTRAIT)]))
    await fetch(`${service.origin}/api/profile/${person.id}/update/`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${person.access}` },
      body: form
    })
    return person
  }
  await makeAda()

  for (const [name, options] of Object.entries({
    light: {},
    dark: DARK,
    phone: PHONE,
    'phone-dark': { ...PHONE, ...DARK }
  }))
    await t.test(name, async (t) => {
      const page = await open(t, '/account/', options)
      await title(page, 'Sign in').waitFor()
      await checkAccessibility(t, page, `${name}, signed out`)
      if (name !== 'light') await screenshot(page, `account-sign-in-${name}`)
      await signInOn(page, 'ada')
      await title(page, 'Ada Lovelace').waitFor()
      const picture = part(page, 'Picture').getByRole('img')
      await picture.evaluate('(image) => image.complete')
      await checkAccessibility(t, page, `${name}, signed in`)
      await screenshot(page, `account-${name}`)
      t.ok(
        await page.evaluate('document.documentElement.scrollWidth <= innerWidth'),
        'nothing is wider than the screen'
      )

      await part(page, 'Delete account').getByRole('button').click()
      await page.getByRole('dialog').waitFor()
      await checkAccessibility(t, page, `${name}, deletion`)
      await screenshot(page, `account-delete-${name}`, { fullPage: false })
    })

  await t.test('loads little: all of it, with what comes late', async (t) => {
    const page = await open(t, '/account/')
    await title(page, 'Sign in').waitFor()
    const { bytes, paths } = await countBytes(page, async () => {
      await page.reload()
      await signInOn(page, 'ada')
      await title(page, 'Ada Lovelace').waitFor()
    })
    const late = await countBytes(page, async () => {
      const download = page.waitForEvent('download')
      await part(page, 'Your data').getByRole('button', { name: 'Download as zip' }).click()
      await download
    })
    t.comment(`${bytes} bytes in ${paths.length} requests: ${paths.join(' ')}`)
    t.comment(`${late.bytes} bytes for a download: ${late.paths.join(' ')}`)
    t.ok(paths.some((path) => path.endsWith('.js')))
    t.ok(bytes + late.bytes < MAX_BYTES, `${bytes + late.bytes} bytes`)
  })
})

/** What the browser counts of all that an act fetches, its cache aside and pictures left out: bodies as they came, and headers. */
async function countBytes(page: Page, act: () => Promise<void>) {
  const devTools = await page.context().newCDPSession(page)
  await devTools.send('Network.enable')
  await devTools.send('Network.setCacheDisabled', { cacheDisabled: true })
  const paths = new Map<string, string>()
  let bytes = 0
  devTools.on('Network.requestWillBeSent', ({ requestId, request: { url, method } }) => {
    const { pathname, protocol } = new URL(url)
    if (protocol !== 'data:' && !pathname.startsWith('/media/')) paths.set(requestId, `${method} ${pathname}`)
  })
  devTools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (paths.has(requestId)) bytes += encodedDataLength
  })
  await act()
  await devTools.detach()
  return { bytes, paths: [...paths.values()] }
}
