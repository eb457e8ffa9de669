import { renameSync } from 'node:fs'
import type { Locator } from 'playwright-core'
import t from 'tap'
import { insertImport } from './in-browser/made-import.ts'
import { openAdmin } from './in-browser/open-admin.ts'
import { SPANISH } from './in-browser/open-pages.ts'
import { ask, insertUsers, rows, signInAs, signUp } from './in-browser/people.ts'

/** What stands in a row, cell by cell. */
const cellsOf = async (row: Locator): Promise<string[]> => {
  const texts = await row.locator('th, td').allTextContents()
  return texts.map((text) => text.replace(/\s+/g, ' '))
}

t.test('the audit log', async (t) => {
  const opened = await openAdmin(t)
  const root = await signInAs(opened, 'root')
  const [ana, bea] = [await signUp(opened, 'ana'), await signUp(opened, 'bea')]
  const edit = (id: number, first_name: string) =>
    ask(opened, 'PATCH', `admin/users/${id}/`, { access: root.access, body: { first_name } })
  for (let count = 1; count <= 30; count++) await edit(ana.user.id, `Ana ${count}`)
  await edit(bea.user.id, 'Bea')
  await ask(opened, 'POST', `admin/users/${bea.user.id}/deactivate/`, { access: root.access })
  rows(opened, "update audit_log set outcome = 'begun' where action = 'deactivate'")

  await t.test('is shown by pages, newest first, with old and new values', async (t) => {
    const page = await opened.openAs(t, 'root', '#/audit')
    const newest = page.locator('tbody tr').first()
    await newest.waitFor()
    t.strictSame((await cellsOf(newest)).slice(1), [
      'Deactivated',
      'bea',
      'root',
      'Active Before: yes → After: no',
      'Begun',
      '127.0.0.1'
    ])
    t.equal(await page.locator('tbody tr').count(), 25)
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByText('Page 2').waitFor()
    await page.locator('table[aria-busy=false] tbody tr').nth(6).waitFor()
    t.equal(await page.locator('tbody tr').count(), 7)
    const oldest = await cellsOf(page.locator('tbody tr').last())
    t.equal(oldest[4], 'First name Before: blank → After: Ana 1')
  })

  await t.test('of one user alone, which a link says', async (t) => {
    const page = await opened.openAs(t, 'root', '#/audit')
    await page.getByLabel('Id of the user').fill(String(bea.user.id))
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/#/audit?user=${bea.user.id}`)
    await page.locator('tbody tr').nth(2).waitFor({ state: 'detached' })
    t.equal(await page.locator('tbody tr').count(), 2)
    t.notMatch(await page.locator('tbody').textContent(), 'ana')
    await page.getByRole('link', { name: 'bea' }).first().click()
    await page.getByRole('heading', { level: 1, name: 'bea' }).waitFor()
    await page.goBack()
    t.equal(await page.getByLabel('Id of the user').inputValue(), String(bea.user.id))
    await page.getByRole('link', { name: 'Show all' }).click()
    await page.locator('tbody tr').nth(24).waitFor()
    await page.getByLabel('Id of the user').fill('424242')
    await page.keyboard.press('Enter')
    await page.getByText('No acts.').waitFor()
  })
})

t.test('the status', async (t) => {
  const opened = await openAdmin(t)
  insertUsers(opened, 12_345, Date.now())
  insertImport(opened)

  await t.test('says how the service is, and how much there is', async (t) => {
    const page = await opened.openAs(t, 'root', '#/status')
    const tile = (name: string) => page.locator('dl.tiles > div', { hasText: name }).locator('dd')
    await page.getByRole('heading', { name: 'Storage' }).waitFor()
    t.equal(await tile('Database').first().textContent(), 'OK')
    t.equal(await tile('Picture store').textContent(), 'OK')
    t.match(await tile('Version').textContent(), /^\d+\.\d+\.\d+/)
    t.match(await tile('Users').textContent(), '12,346')
    t.match(await tile('Size of the database').textContent(), /^\d+(\.\d)? [kM]B$/)
    t.match(await tile('Room left for pictures').textContent(), /^\d+(\.\d)? [GT]B$/)
  })

  await t.test('in Spanish, with numbers as they are written there', async (t) => {
    const page = await opened.openAs(t, 'root', '#/status', { ...SPANISH, locale: 'es-ES' })
    await page.getByRole('heading', { name: 'Almacenamiento' }).waitFor()
    t.match(await page.locator('dl.tiles').last().textContent(), /12\.346/)
    t.equal(await page.evaluate('document.documentElement.lang'), 'es')
    t.equal(await page.title(), 'Estado · Administración')
  })

  await t.test('with what came of imports', async (t) => {
    const page = await opened.openAs(t, 'root', '#/status')
    const report = page.locator('details.import')
    await report.locator('summary').click()
    t.match(await report.textContent(), /read: 1,200 · created: 1,180 · left out: 20/)
    t.match(await report.textContent(), /Username is taken: 19/)
    t.strictSame(await cellsOf(report.locator('tbody tr').first()), [
      '41',
      'Username is taken',
      'with: 2',
      'Left out'
    ])
  })

  await t.test('of a store that is away', async (t) => {
    const page = await opened.openAs(t, 'root', '#/status')
    await page.getByRole('heading', { name: 'Storage' }).waitFor()
    renameSync(`${opened.folder}/media`, `${opened.folder}/media-away`)
    t.teardown(() => renameSync(`${opened.folder}/media-away`, `${opened.folder}/media`))
    await page.getByRole('button', { name: 'Refresh' }).click()
    await page.getByText('Away').waitFor()
  })
})
