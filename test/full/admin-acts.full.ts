import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import t from 'tap'
import { openAdmin } from './in-browser/open-admin.ts'
import { actsUpon, ask, givePicture, rows, signInAs, signUp } from './in-browser/people.ts'

const PORTRAIT = fileURLToPath(new URL('../portrait.jpg', import.meta.url))

const buttonsOf = async (page: Page) => {
  await page.getByRole('heading', { name: 'Recent acts of administrators' }).waitFor()
  return page.getByRole('complementary').getByRole('button').allTextContents()
}

t.test('what a superuser does to a user', async (t) => {
  const opened = await openAdmin(t)
  const ana = await signUp(opened, 'ana')
  await givePicture(opened, ana, PORTRAIT)
  const { id } = ana.user
  const flags = () => rows(opened, 'select is_active, is_staff, avatar from users where id = ?', id)[0]
  const openSessions = () =>
    rows(opened, 'select id from sessions where user_id = ? and ended_at is null', id).length
  const page = await opened.openAs(t, 'root', `#/users/${id}`)
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
  const dialog = page.getByRole('dialog')
  const confirm = (name: string) => dialog.getByRole('button', { name, exact: true }).click()
  const said = (text: string) => page.getByRole('status').filter({ hasText: text }).waitFor()

  await t.test('ends the sessions, once it was confirmed', async (t) => {
    t.equal(openSessions(), 1)
    await press('End all sessions')
    t.match(await dialog.textContent(), /ana has to sign in again on every device/)
    await confirm('Cancel')
    await dialog.waitFor({ state: 'detached' })
    t.equal(openSessions(), 1, 'not yet')
    t.equal(
      await page.evaluate('document.activeElement.textContent'),
      'End all sessions',
      'back where it was'
    )
    await press('End all sessions')
    await confirm('End all sessions')
    await said('All sessions of ana have ended.')
    t.equal(openSessions(), 0)
    await t.rejects(ask(opened, 'GET', 'profile/', { access: ana.access }), /401/)
    await page.locator('section', { hasText: 'Began' }).locator('tr.dimmed').waitFor()
  })

  await t.test('deactivates and activates', async (t) => {
    const again = await signInAs(opened, 'ana')
    await press('Deactivate')
    await confirm('Deactivate')
    await said('ana is deactivated and signed out everywhere.')
    t.match(flags(), { is_active: 0 })
    await t.rejects(ask(opened, 'GET', 'profile/', { access: again.access }), /401/)
    await page.getByText('Inactive', { exact: true }).waitFor()
    await press('Activate')
    await said('ana is active again.')
    t.match(flags(), { is_active: 1 })
  })

  await t.test('makes staff, and takes it away', async (t) => {
    await press('Make staff')
    await said('ana is staff now.')
    t.match(flags(), { is_staff: 1 })
    await press('Take staff rights away')
    await said('ana is no longer staff.')
    t.match(flags(), { is_staff: 0 })
  })

  await t.test('removes the picture', async (t) => {
    t.type(flags()?.avatar, 'string')
    await press('Remove picture')
    await confirm('Remove picture')
    await said('The picture of ana is removed.')
    t.equal(flags()?.avatar, null)
    const files = readdirSync(`${opened.folder}/media/avatars`, { recursive: true, withFileTypes: true })
    t.strictSame(
      files.filter((file) => file.isFile()).map(({ name }) => name),
      [],
      'no file is left'
    )
    t.equal(await page.evaluate('document.activeElement.textContent'), 'Actions', 'the focus is where it was')
    t.equal(await page.getByRole('button', { name: 'Remove picture' }).count(), 0)
  })

  await t.test('all of it is in the audit log', async (t) => {
    const acts = actsUpon(opened, id).map((act) => (act as unknown[])[0])
    t.strictSame(acts, [
      'end_sessions done',
      'deactivate done',
      'activate done',
      'grant_staff done',
      'revoke_staff done',
      'remove_avatar done'
    ])
    await page.getByRole('link', { name: 'All of them' }).click()
    await page.getByRole('heading', { level: 1, name: 'Audit log' }).waitFor()
    await page.getByRole('cell', { name: 'Sessions ended' }).waitFor()
    t.equal(await page.locator('tbody tr').count(), 6)
    await page.goBack()
  })

  await t.test('is told of a service that fails, and nothing happens', async (t) => {
    await page.route('**/api/admin/users/*/grant-staff/', (route) => route.abort())
    await press('Make staff')
    await said('The service can’t be reached.')
    t.match(flags(), { is_staff: 0 })
    await page.unroute('**/api/admin/users/*/grant-staff/')
  })

  await t.test('deletes, once the name was typed', async (t) => {
    await page.getByLabel('First name').fill('never saved')
    await press('Delete user…')
    await dialog.getByRole('button', { name: 'Delete for good' }).click()
    await page.getByText('This is not it. Type ana, exactly.').waitFor()
    t.equal(rows(opened, 'select id from users where id = ?', id).length, 1)
    await page.keyboard.type('ana')
    await page.keyboard.press('Enter')
    await said('ana is deleted.')
    await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor()
    t.equal(rows(opened, 'select id from users where id = ?', id).length, 0)
    t.equal(rows(opened, 'select id from sessions where user_id = ?', id).length, 0)
    t.match(actsUpon(opened, id).at(-1), ['delete done', null])
    await page.getByRole('rowheader', { name: 'root' }).waitFor()
    t.equal(await page.getByRole('rowheader', { name: 'ana' }).count(), 0)
    await page.goBack()
    await page.getByText(`There is no user ${id}, or no longer.`).waitFor()
  })
})

t.test('what staff does, and does not', async (t) => {
  const opened = await openAdmin(t)
  const [sam, tina, ana] = [
    await signUp(opened, 'sam'),
    await signUp(opened, 'tina'),
    await signUp(opened, 'ana')
  ]
  const root = await signInAs(opened, 'root')
  for (const { user } of [sam, tina])
    await ask(opened, 'POST', `admin/users/${user.id}/grant-staff/`, { access: root.access })

  await t.test('staff sees to ordinary users, but makes nobody staff', async (t) => {
    const page = await opened.openAs(t, 'sam', `#/users/${ana.user.id}`)
    t.strictSame(await buttonsOf(page), ['Deactivate', 'End all sessions', 'Delete user…'])
    await page.getByText('Only superusers decide who is staff.').waitFor()
    await page.getByLabel('First name').fill('Ana')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The changes of ana are saved.').waitFor()
    t.strictSame(actsUpon(opened, ana.user.id), [['update done', { first_name: ['', 'Ana'] }]])
    const [act] = rows(opened, 'select actor_username from audit_log where target_id = ?', ana.user.id)
    t.equal(act?.actor_username, 'sam')
  })

  for (const [whom, id, sentence] of [
    ['staff', tina.user.id, 'Only superusers can change staff and superusers.'],
    ['a superuser', root.user.id, 'Only superusers can change staff and superusers.'],
    ['themselves', sam.user.id, 'This is you. What is yours you change on the account page.']
  ] as const)
    await t.test(`staff is offered nothing upon ${whom}, and told why`, async (t) => {
      const page = await opened.openAs(t, 'sam', `#/users/${id}`)
      t.strictSame(await buttonsOf(page), [])
      await page.getByText(sentence).waitFor()
      t.equal(await page.getByRole('textbox').count(), 0)
    })

  await t.test('a superuser can’t be rid of themselves', async (t) => {
    const page = await opened.openAs(t, 'root', `#/users/${root.user.id}`)
    t.strictSame(await buttonsOf(page), ['End all sessions'])
    await page.getByText('This is you: you can’t deactivate or delete yourself here').waitFor()
  })

  await t.test('who is no longer staff is told so', async (t) => {
    const page = await opened.openAs(t, 'sam', `#/users/${ana.user.id}`)
    await page.getByRole('button', { name: 'Deactivate' }).waitFor()
    await ask(opened, 'POST', `admin/users/${sam.user.id}/revoke-staff/`, { access: root.access })
    await page.getByRole('button', { name: 'Deactivate' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).click()
    await page.getByRole('status').filter({ hasText: 'Not authorized' }).waitFor()
    t.strictSame(rows(opened, 'select is_active from users where id = ?', ana.user.id), [{ is_active: 1 }])
  })
})
