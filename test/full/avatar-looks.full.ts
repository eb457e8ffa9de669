import t from 'tap'
import { openAvatarPage } from './in-browser/avatar-page.ts'
import { checkAccessibility, DARK, openPages, PHONE, SPANISH, screenshot } from './in-browser/open-pages.ts'

t.test('the crop dialogue', async (t) => {
  const pages = await openPages(t)
  for (const [name, options] of Object.entries({ light: {}, dark: DARK, phone: PHONE, spanish: SPANISH })) {
    const { page, choose } = await openAvatarPage(t, pages, options)
    await choose(new URL('../portrait.jpg', import.meta.url).pathname)
    await page.locator('.crop-stage.ready').waitFor()
    for (const key of ['+', '+', 'Shift+ArrowUp', 'ArrowLeft']) await page.keyboard.press(key)
    await page.getByRole('slider').nth(1).fill('-8')
    await checkAccessibility(t, page, name)
    await screenshot(page, `avatar-crop-${name}`, { fullPage: false })
    await page.keyboard.press('Escape')
  }
})
