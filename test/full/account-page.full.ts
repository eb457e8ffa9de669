import t from 'tap'
import { checkAccessibility, DARK, openPages, PHONE, SPANISH, screenshot } from './in-browser/open-pages.ts'

t.test('the account page', async (t) => {
  const { open } = await openPages(t)
  for (const [name, options] of Object.entries({ light: {}, dark: DARK, phone: PHONE, spanish: SPANISH })) {
    const page = await open(t, '/account/', options)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await checkAccessibility(t, page, name)
    await screenshot(page, `account-${name}`)
  }
})
