import t from 'tap'
import { PASSWORD } from '../helper.ts'
import { dialog, makePerson, part, rowOf, sessionsOf, signInOn, title } from './in-browser/account-steps.ts'
import { checkAccessibility, openPages, SPANISH, screenshot } from './in-browser/open-pages.ts'

t.test('the ways in and out of the account page', async (t) => {
  const { open, service, folder } = await openPages(t)

  await t.test('who has no account makes one, after the service has said what is missing', async (t) => {
    await makePerson(service.origin, 'taken')
    const page = await open(t, '/account/')
    await page.getByRole('link', { name: 'Create one' }).click()
    await title(page, 'Create an account').waitFor()
    await page.getByLabel('Username').fill('Taken')
    await page.getByLabel('Email').fill('nobody')
    await page.getByLabel('Phone number').fill('+52 55 1234 5678')
    await page.getByRole('button', { name: 'Create an account' }).click()

    await page.getByText('A user with that username already exists.').waitFor()
    for (const [label, sentence] of [
      ['Email', 'This field must be a valid email address.'],
      ['Password', 'This field may not be blank.'],
      ['Phone number', 'Ensure this field has no more than 10 characters.']
    ] as const) {
      const field = page.getByLabel(label, { exact: true })
      t.equal(await field.getAttribute('aria-invalid'), 'true', label)
      const described = (await field.getAttribute('aria-describedby'))?.split(' ') ?? []
      const read = await Promise.all(described.map((id) => page.locator(`[id="${id}"]`).textContent()))
      t.match(read.join(' '), sentence, 'it is read with its field')
    }
    t.equal(await page.getByLabel('Username').inputValue(), 'Taken', 'what was typed is kept')
    t.equal(await page.locator(':focus').getAttribute('name'), 'username', 'where to begin')
    await checkAccessibility(t, page, 'sign-up with errors')
    await screenshot(page, 'account-sign-up-errors')

    await page.getByLabel('Username').fill('ada')
    await page.getByLabel('Email').fill('Ada@Example.com')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByLabel('First name').fill('Ada')
    await page.getByLabel('Last name').fill('Lovelace')
    await page.getByLabel('Phone number').fill('5512345678')
    await page.getByRole('button', { name: 'Create an account' }).click()
    await title(page, 'Ada Lovelace').waitFor()
    t.match(rowOf(folder, { id: 2 }), {
      username: 'ada',
      email: 'Ada@Example.com',
      first_name: 'Ada',
      last_name: 'Lovelace',
      number_phone: '5512345678'
    })
    t.equal(sessionsOf(folder, { id: 2 }), 1)

    await page.reload()
    await title(page, 'Ada Lovelace').waitFor()
    t.equal(await page.evaluate('localStorage.length + sessionStorage.length'), 0, 'no script has a token')
    t.notOk(await page.evaluate('document.cookie'))
  })

  await t.test('who has one signs in by email or username, and out', async (t) => {
    const person = await makePerson(service.origin, 'grace', { first_name: 'Grace' })
    const page = await open(t, '/account/')
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    await checkAccessibility(t, page, 'sign-in')
    await screenshot(page, 'account-sign-in')

    await signInOn(page, 'grace', 'not hers 42')
    await page.getByRole('alert').getByText('Invalid email or password.').waitFor()
    t.equal(await page.getByLabel('Email or username').inputValue(), 'grace')
    t.equal(await page.getByLabel('Password', { exact: true }).inputValue(), 'not hers 42')
    t.equal(rowOf(folder, person)?.last_login, null)

    for (const identifier of ['grace', 'GRACE@example.com']) {
      await signInOn(page, identifier)
      await title(page, 'Grace').waitFor()
      t.type(rowOf(folder, person)?.last_login, 'number')
      t.equal(sessionsOf(folder, person), 2, 'that of the sign-up, and this one')
      await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click()
      await page.getByText('You are signed out.').waitFor()
      t.equal(sessionsOf(folder, person), 1)
      t.equal((await page.context().cookies()).length, 0)
      t.equal(await page.locator(':focus').getAttribute('name'), 'username')
    }
    await page.reload()
    await title(page, 'Sign in').waitFor()
  })

  await t.test('signing out everywhere ends the sessions of all devices', async (t) => {
    const person = await makePerson(service.origin, 'mary')
    const page = await open(t, '/account/')
    await signInOn(page, 'mary')
    await title(page, 'mary').waitFor()
    t.equal(sessionsOf(folder, person), 2)
    await part(page, 'Sessions').getByRole('button', { name: 'Sign out everywhere' }).click()
    await page.getByText('You are signed out on all devices.').waitFor()
    t.equal(sessionsOf(folder, person), 0)
  })

  await t.test('a password can be looked at, and is hidden at first', async (t) => {
    const page = await open(t, '/account/')
    const password = page.getByLabel('Password', { exact: true })
    await password.fill('secret')
    t.equal(await password.getAttribute('type'), 'password')
    await page.getByRole('button', { name: 'Show password' }).click()
    t.equal(await password.getAttribute('type'), 'text')
    await page.getByRole('button', { name: 'Hide password' }).click()
    t.equal(await password.getAttribute('type'), 'password')
    t.equal(await password.inputValue(), 'secret')
    t.equal(await password.getAttribute('autocomplete'), 'current-password')
  })

  await t.test('the language changes without anything that was typed being lost', async (t) => {
    const page = await open(t, '/account/#sign-up', SPANISH)
    await page.getByLabel('Nombre de usuario').fill('josé')
    await page.getByRole('button', { name: 'Crear una cuenta' }).click()
    await page.getByText('Este campo no puede estar vacío.').first().waitFor()
    await checkAccessibility(t, page, 'spanish')
    await screenshot(page, 'account-sign-up-spanish')
    await page.getByLabel('Idioma').selectOption('en')
    await page.getByText('This field may not be blank.').first().waitFor()
    t.equal(await page.getByLabel('Username').inputValue(), 'josé')
    t.equal(await page.evaluate('document.documentElement.lang'), 'en')
    t.equal(await page.title(), 'Your account')
    await page.reload()
    await page.getByLabel('Username').waitFor()
  })

  await t.test('by the keyboard alone', async (t) => {
    const page = await open(t, '/account/')
    await page.getByRole('link', { name: 'Create one' }).waitFor()
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key)
    }
    const focused = () => page.evaluate('document.activeElement.name || document.activeElement.textContent')
    t.equal(await focused(), 'username')
    await press('Tab', 'Tab', 'Tab', 'Tab')
    t.equal(await focused(), 'Create one')
    await press('Enter')
    await title(page, 'Create an account').waitFor()
    t.equal(await focused(), 'username')
    for (const text of ['hedy', 'hedy@example.com', PASSWORD]) {
      await page.keyboard.type(text)
      await press('Tab')
    }
    t.equal(await focused(), 'Show')
    await press('Tab')
    await page.keyboard.type('Hedy')
    await press('Enter')
    await title(page, 'Hedy').waitFor()
    t.equal(await focused(), 'Hedy', 'who does not see it is told whose page it is')

    const profile = part(page, 'Profile')
    await profile.getByLabel('Last name').focus()
    await page.keyboard.type('Lamarr')
    await press('Enter')
    await profile.getByText('Saved.').waitFor()
    t.match(rowOf(folder, { id: 5 }), { username: 'hedy', first_name: 'Hedy', last_name: 'Lamarr' })

    await part(page, 'Delete account').getByRole('button').focus()
    await press('Enter')
    await dialog(page, 'Delete your account?').waitFor()
    t.equal(await focused(), 'confirmation')
    await press('Escape')
    await dialog(page, 'Delete your account?').waitFor({ state: 'detached' })
    t.equal(await focused(), 'Delete account…', 'back where it came from')
  })

  await t.test('the page is what its roles and names say', async (t) => {
    const page = await open(t, '/account/')
    await signInOn(page, 'hedy')
    await title(page, 'Hedy Lamarr').waitFor()
    const snapshot = await page.getByRole('main').ariaSnapshot()
    for (const line of [
      '- heading "Hedy Lamarr" [level=1]',
      '- region "Picture"',
      '- region "Profile"',
      '- textbox "Username": hedy',
      '- textbox "Email": hedy@example.com',
      '- textbox "First name": Hedy',
      '- textbox "Phone number"',
      '- region "Change password"',
      '- textbox "Current password"',
      '- textbox "New password"',
      '- button "Sign out everywhere"',
      '- button "Download as zip"',
      '- button "Delete account…"'
    ])
      t.ok(snapshot.includes(line), line)
    if (!t.passing()) t.comment(snapshot)
  })
})

t.test('where sign-up is closed, the page knows no way to it', async (t) => {
  const { open } = await openPages(t, { SIGN_UP: 'closed' })
  const page = await open(t, '/account/#sign-up')
  await title(page, 'Sign in').waitFor()
  t.equal(await page.getByRole('link').count(), 0)
})
