import t from 'tap'
import { openAdmin } from './in-browser/open-admin.ts'
import { actsUpon, ask, rows, signInAs, signUp } from './in-browser/people.ts'

t.test('an administrator edits a user', async (t) => {
  const opened = await openAdmin(t)
  const root = await signInAs(opened, 'root')
  const namesOf = (id: number) =>
    rows(opened, 'select username, first_name, last_name, number_phone from users where id = ?', id)[0]

  await t.test('what was changed is written, and in the audit log', async (t) => {
    const { user } = await signUp(opened, 'ana', { first_name: 'Ana', number_phone: '5512345678' })
    const page = await opened.openAs(t, 'root', `#/users/${user.id}`)
    await page.getByLabel('First name').fill('Ana Lucía')
    await page.getByLabel('Phone').fill('')
    const sent = page.waitForRequest((request) => request.method() === 'PATCH')
    await page.getByRole('button', { name: 'Save' }).dblclick()
    const request = await sent
    t.match((await request.allHeaders())['if-match'], /^"[\w-]+"$/)
    await page.getByRole('status').filter({ hasText: 'The changes of ana are saved.' }).waitFor()
    t.strictSame(namesOf(user.id), {
      username: 'ana',
      first_name: 'Ana Lucía',
      last_name: '',
      number_phone: null
    })
    const act = ['update done', { first_name: ['Ana', 'Ana Lucía'], number_phone: ['5512345678', null] }]
    t.strictSame(actsUpon(opened, user.id), [act], 'once, though it was clicked twice')
    await page.getByRole('insertion').filter({ hasText: 'Ana Lucía' }).waitFor()
  })

  await t.test('what is refused stands beside its field', async (t) => {
    const { user } = await signUp(opened, 'bea')
    const page = await opened.openAs(t, 'root', `#/users/${user.id}`)
    await page.getByLabel('Username', { exact: true }).fill('ana')
    await page.getByLabel('Email', { exact: true }).fill('nowhere')
    await page.getByRole('button', { name: 'Save' }).click()
    const [username, email] = [
      page.getByLabel('Username', { exact: true }),
      page.getByLabel('Email', { exact: true })
    ]
    await page.getByText('A user with that username already exists.').waitFor()
    t.equal(await username.getAttribute('aria-invalid'), 'true')
    t.equal(await email.getAttribute('aria-invalid'), 'true')
    // The first of them has the focus.
    await page.locator('[name=username]:focus').waitFor()
    t.equal(await email.inputValue(), 'nowhere')
    t.equal(namesOf(user.id)?.username, 'bea')
    t.strictSame(actsUpon(opened, user.id), [], 'no act')
    await page.getByRole('button', { name: 'Undo changes' }).click()
    t.equal(await username.inputValue(), 'bea')
    t.equal(await page.locator('[aria-invalid]').count(), 0)
  })

  await t.test('another administrator was faster: who, what, and what it is now', async (t) => {
    const { user } = await signUp(opened, 'carla', { first_name: 'Carla' })
    const page = await opened.openAs(t, 'root', `#/users/${user.id}`)
    await page.getByLabel('First name').fill('Mine')
    await ask(opened, 'PATCH', `admin/users/${user.id}/`, {
      access: root.access,
      body: { first_name: 'Theirs', last_name: 'Too' }
    })
    await page.getByRole('button', { name: 'Save' }).click()
    const notice = page.getByRole('alert')
    await notice.waitFor()
    t.match(await notice.textContent(), /^Not saved: root changed this meanwhile .*First name, Last name/)
    await page.getByText('Is now: Theirs').waitFor()
    t.equal(await page.getByLabel('First name').inputValue(), 'Mine')
    t.equal(await page.getByLabel('Last name').inputValue(), 'Too', 'what was not touched here is taken over')
    t.equal(namesOf(user.id)?.first_name, 'Theirs', 'and nothing is overwritten')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The changes of carla are saved.').waitFor()
    t.match(namesOf(user.id), { first_name: 'Mine', last_name: 'Too' })
  })

  await t.test('the user was faster', async (t) => {
    const signedUp = await signUp(opened, 'diana')
    const { user } = signedUp
    const page = await opened.openAs(t, 'root', `#/users/${user.id}`)
    await page.getByLabel('First name').fill('Diana')
    await ask(opened, 'PATCH', `profile/${user.id}/update/`, {
      access: signedUp.access,
      body: { last_name: 'Prince' }
    })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('alert').waitFor()
    t.match(await page.getByRole('alert').textContent(), /not by an administrator: Last name/)
    t.equal(namesOf(user.id)?.first_name, '')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The changes of diana are saved.').waitFor()
    t.match(namesOf(user.id), { first_name: 'Diana', last_name: 'Prince' })
  })

  await t.test('a service that is away keeps what was typed', async (t) => {
    const { user } = await signUp(opened, 'eva')
    const page = await opened.openAs(t, 'root', `#/users/${user.id}`)
    await page.getByLabel('First name').fill('Eva')
    const failing = { status: 503, headers: { 'retry-after': '1' }, json: { error: 'Unavailable' } }
    await page.route('**/api/admin/users/*/', (route) => route.fulfill(failing))
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('alert').filter({ hasText: 'can’t do this right now' }).waitFor()
    t.equal(await page.getByLabel('First name').inputValue(), 'Eva')
    t.equal(namesOf(user.id)?.first_name, '')
    await page.unroute('**/api/admin/users/*/')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The changes of eva are saved.').waitFor()
    t.equal(namesOf(user.id)?.first_name, 'Eva')
  })

  await t.test('what is not saved is not lost unasked', async (t) => {
    const { user } = await signUp(opened, 'fatima')
    const page = await opened.openAs(t, 'root', '#/users?q=fatima')
    await page.getByRole('link', { name: 'fatima' }).click()
    const field = page.getByLabel('First name')
    await field.fill('Fátima')
    const dialog = page.getByRole('dialog', { name: 'Leave without saving?' })

    await page.getByRole('link', { name: 'Audit log' }).click()
    await dialog.getByRole('button', { name: 'Stay' }).click()
    await page.waitForURL(`**/#/users/${user.id}`)
    t.equal(await field.inputValue(), 'Fátima', 'after a link')

    await page.goBack()
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    await page.waitForURL(`**/#/users/${user.id}`)
    t.equal(await field.inputValue(), 'Fátima', 'after the browser’s button')

    await page.getByRole('button', { name: 'Sign out' }).click()
    await dialog.getByRole('button', { name: 'Stay' }).click()
    t.equal(await field.inputValue(), 'Fátima', 'after the sign-out')

    const asked = page.waitForEvent('dialog')
    await page.close({ runBeforeUnload: true })
    const unload = await asked
    t.equal(unload.type(), 'beforeunload', 'closing asks too')
    await unload.dismiss()

    await page.goBack()
    await dialog.getByRole('button', { name: 'Leave and lose it' }).click()
    await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor()
    t.equal(await page.getByRole('searchbox').inputValue(), 'fatima')
    await page.goForward()
    t.equal(await field.inputValue(), '', 'forwards again, it is what was written')
  })
})
