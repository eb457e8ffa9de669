import type { Page } from 'playwright-core'
import t from 'tap'
import { openAdmin } from './in-browser/open-admin.ts'
import { insertUsers, rows, signUp } from './in-browser/people.ts'

const DAY_MS = 86_400_000

/** The names in the list, once it is no longer waiting. @param before the first of those before */
async function namesIn(page: Page, before?: string): Promise<string[]> {
  const first = page.locator('table.listing tbody th').first()
  if (before !== undefined) await first.filter({ hasNot: page.getByText(before, { exact: true }) }).waitFor()
  await page.locator('table.listing[aria-busy=false]').waitFor()
  return page.locator('table.listing tbody th span').allTextContents()
}

const MARKUP = '<img src=x onerror=globalThis.hit=1>'

t.test('users are looked through', async (t) => {
  const opened = await openAdmin(t)
  insertUsers(opened, 300, Date.now() - DAY_MS)

  await t.test('page by page, everybody once, newest first, forwards and back', async (t) => {
    const page = await opened.openAs(t, 'root')
    const seen: string[] = []
    const pages: string[][] = []
    for (let number = 1; ; number++) {
      await page.getByText(`Page ${number}`, { exact: true }).waitFor()
      const names = await namesIn(page, seen.at(-25))
      pages.push(names)
      seen.push(...names)
      const next = page.getByRole('button', { name: 'Next' })
      if ((await next.getAttribute('aria-disabled')) === 'true') break
      await next.click()
    }
    const all = rows(opened, 'select username from users order by id desc').map(({ username }) => username)
    t.equal(all.length, 301)
    t.strictSame(seen, all)
    t.equal(pages.length, 13)
    for (const expected of pages.slice(0, -1).reverse()) {
      await page.getByRole('button', { name: 'Previous' }).click()
      await page.getByRole('rowheader', { name: expected[0] ?? '', exact: true }).waitFor()
      t.strictSame(await namesIn(page), expected)
    }
  })

  await t.test('by how a name, an email or an id begins', async (t) => {
    const page = await opened.openAs(t, 'root')
    const search = page.getByRole('searchbox', { name: 'Search' })
    const by = page.getByRole('combobox', { name: 'By' })
    for (const [text, kind, expected] of [
      ['USER-29', '', ['user-29', ...Array.from({ length: 10 }, (_, i) => `user-29${i}`)]],
      ['user-300@', '', ['user-300']],
      ['42', '', ['user-41']],
      ['root@', 'email', ['root']]
    ] as const) {
      await by.selectOption(kind)
      await search.fill(text)
      await page.getByRole('rowheader', { name: expected[0], exact: true }).waitFor()
      t.strictSame((await namesIn(page)).toSorted(), expected.toSorted(), text)
      t.match(page.url(), new RegExp(`q=${encodeURIComponent(text)}`, 'i'), 'a link says it')
    }
    await by.selectOption('')
    await search.fill('nobody-is-called-so')
    await page.getByText('Nobody’s begins with “nobody-is-called-so”.').waitFor()
    t.equal(await page.getByRole('table').count(), 0)
    await by.selectOption('id')
    await page.getByRole('alert').waitFor()
    t.match(await page.getByRole('alert').textContent(), /valid integer/)
  })

  await t.test('an answer that comes too late changes nothing', async (t) => {
    const page = await opened.openAs(t, 'root')
    await namesIn(page)
    let letThrough = () => {}
    const held = new Promise<void>((resolve) => {
      letThrough = resolve
    })
    await page.route('**/api/admin/users/?*q=user-1', async (route) => {
      await held
      await route.continue().catch(() => {})
    })
    const search = page.getByRole('searchbox', { name: 'Search' })
    const asked = page.waitForRequest('**/api/admin/users/?*q=user-1')
    await search.fill('user-1')
    await asked
    await search.fill('user-250')
    await page.getByRole('rowheader', { name: 'user-250', exact: true }).waitFor()
    letThrough()
    await page.waitForLoadState('networkidle')
    t.strictSame(await namesIn(page), ['user-250'])
  })

  await t.test('and found where they were left, on the way back from one', async (t) => {
    const page = await opened.openAs(t, 'root', '#/users?q=user-&by=username')
    const first = await namesIn(page)
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByText('Page 2').waitFor()
    const second = await namesIn(page, first[0])
    const name = second[20] ?? ''
    await page.getByRole('link', { name, exact: true }).scrollIntoViewIfNeeded()
    const scrolled = await page.evaluate<number>('scrollY')
    t.ok(scrolled > 0)
    await page.getByRole('link', { name, exact: true }).click()
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
    t.equal(await page.evaluate('document.activeElement.tagName'), 'H1', 'the focus is on the heading')
    t.match(await page.title(), name)

    await page.goBack()
    await page.getByText('Page 2').waitFor()
    t.strictSame(await namesIn(page), second)
    t.equal(await page.getByRole('searchbox').inputValue(), 'user-')
    t.equal(await page.evaluate<number>('scrollY'), scrolled)
    await page.goForward()
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
    await page.getByRole('link', { name: 'All users' }).click()
    await page.getByText('Page 2').waitFor()
    t.strictSame(await namesIn(page), second)
  })

  await t.test('what a name looks like is text', async (t) => {
    const { user } = await signUp(opened, 'mallory', { first_name: MARKUP, last_name: '<b>bold</b>' })
    const page = await opened.openAs(t, 'root', '#/users?q=mallory')
    const cell = page.getByRole('cell', { name: `${MARKUP} <b>bold</b>`, exact: true })
    await cell.waitFor()
    await page.goto(`${opened.service.origin}/admin/#/users/${user.id}`)
    await page.getByText(`${MARKUP} <b>bold</b>`).waitFor()
    t.equal(await page.locator('img[src=x], main b').count(), 0)
    await page.getByLabel('Last name').fill('<i>new</i>')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('insertion').filter({ hasText: '<i>new</i>' }).waitFor()
    await page.goto(`${opened.service.origin}/admin/#/audit`)
    await page.getByRole('deletion').filter({ hasText: '<b>bold</b>' }).waitFor()
    t.equal(await page.locator('main i, main b').count(), 0)
    t.equal(await page.evaluate('globalThis.hit'), undefined)
  })

  await t.test('a service that fails is said, and asked again', async (t) => {
    const page = await opened.openAs(t, 'root')
    const names = await namesIn(page)
    await page.route('**/api/admin/users/?*', (route) =>
      route.fulfill({ status: 500, json: { error: 'Server error' } })
    )
    await page.getByRole('button', { name: 'Next' }).click()
    t.match(await page.getByRole('alert').textContent(), /Something went wrong/)
    t.strictSame(await namesIn(page), names, 'what was there stays')
    await page.unroute('**/api/admin/users/?*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('alert').waitFor({ state: 'detached' })
    t.not((await namesIn(page))[0], names[0])
  })

  await t.test('what is nowhere says so', async (t) => {
    const page = await opened.openAs(t, 'root', '#/nowhere')
    await page.getByRole('heading', { level: 1, name: 'There is nothing here' }).waitFor()
    await page.goto(`${opened.service.origin}/admin/#/users/99999`)
    await page.getByText('There is no user 99999, or no longer.').waitFor()
  })
})
