import t from 'tap'
import { openAdmin, signInOn } from './in-browser/open-admin.ts'
import { ask, PASSWORD, rows, signInAs, signUp } from './in-browser/people.ts'

const UNAVAILABLE = {
  status: 503,
  headers: { 'retry-after': '1', 'content-type': 'application/json' },
  body: JSON.stringify({ error: 'The service is unavailable.' })
}

t.test('who comes to the administrators’ page', async (t) => {
  const opened = await openAdmin(t)
  await signUp(opened, 'ana', { first_name: 'Ana' })

  await t.test('signs in on it, and is signed in on the other page and in other tabs too', async (t) => {
    const page = await opened.open(t, '/admin/#/status')
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    t.equal(await page.getByRole('navigation').count(), 0, 'nothing is shown before')
    await signInOn(page, 'root')
    await page.getByRole('heading', { level: 1, name: 'Status' }).waitFor()
    const tab = await opened.openTab(t, page, '/admin/')
    await tab.getByRole('heading', { level: 1, name: 'Users' }).waitFor()
    t.equal(await tab.getByText('Sign out').count(), 1)
    const kept = await page.evaluate<string>(
      'JSON.stringify([localStorage, sessionStorage, document.cookie])'
    )
    t.notMatch(kept, /eyJ/, 'no token where a script could read it')
  })

  await t.test('stays out with a wrong password, and keeps the name', async (t) => {
    const page = await opened.open(t, '/admin/')
    await page.locator('[name=name]').fill('root')
    await page.locator('[name=password]').fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').waitFor()
    t.match(await page.getByRole('alert').textContent(), /Invalid|No active/)
    t.equal(await page.locator('[name=name]').inputValue(), 'root')
  })

  await t.test('is told of a service that is away, keeps what was typed, and gets in later', async (t) => {
    const page = await opened.open(t, '/admin/')
    await page.route('**/api/sign-in/', (route) => route.fulfill(UNAVAILABLE))
    await signInOn(page, 'root')
    t.match(await page.getByRole('alert').textContent(), /can’t do this right now/)
    t.equal(await page.locator('[name=password]').inputValue(), PASSWORD)
    await page.unroute('**/api/sign-in/')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor()
  })

  await t.test('is asked to try again where nobody can say who it is', async (t) => {
    const page = await opened.openAs(t, 'root')
    await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor()
    await page.route('**/api/session/', (route) => route.abort())
    await page.reload()
    t.match(await page.getByRole('alert').textContent(), /can’t be reached/)
    await page.unroute('**/api/session/')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor()
  })

  await t.test('sees nothing but a way to the account page as an ordinary user', async (t) => {
    const page = await opened.open(t, '/admin/#/users')
    const asked: string[] = []
    page.on('request', (request) => void asked.push(new URL(request.url()).pathname))
    await signInOn(page, 'ana')
    await page.getByText('You are signed in as ana, who is no administrator.').waitFor()
    const link = page.getByRole('link', { name: 'Your account' })
    t.equal(await link.getAttribute('href'), '../account/')
    t.strictSame(
      asked.filter((path) => path.startsWith('/api/admin/')),
      [],
      'and nothing was asked for'
    )
    const ana = await signInAs(opened, 'ana')
    await t.rejects(ask(opened, 'GET', 'admin/users/', { access: ana.access }), /403/)
    await link.click()
    await page.waitForURL('**/account/')
  })

  await t.test('signs out: the session is over, and the page asks who it is', async (t) => {
    rows(opened, 'delete from sessions')
    const page = await opened.openAs(t, 'root')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    t.equal(await page.getByRole('table').count(), 0)
    const left = rows(opened, 'select ended_at from sessions')
    t.ok(left.length > 0 && left.every(({ ended_at }) => ended_at !== null), 'no session is left')
    await page.reload()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
  })
})

t.test('a session that ends while something is typed', async (t) => {
  const opened = await openAdmin(t)
  const { user } = await signUp(opened, 'ana')
  const page = await opened.openAs(t, 'root', `#/users/${user.id}`)
  await page.getByLabel('First name').fill('Ana Lucía')
  const elsewhere = await signInAs(opened, 'root')
  await ask(opened, 'POST', 'sign-out-everywhere/', { access: elsewhere.access })
  await page.getByRole('button', { name: 'Save' }).click()

  const dialog = page.getByRole('dialog', { name: 'Sign in' })
  await dialog.waitFor()
  t.match(await dialog.textContent(), /You were signed out/)
  t.strictSame(rows(opened, 'select first_name from users where id = ?', user.id), [{ first_name: '' }])
  await signInOn(page, 'root')
  await dialog.waitFor({ state: 'detached' })
  t.equal(await page.getByLabel('First name').inputValue(), 'Ana Lucía', 'what was typed is there')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The changes of ana are saved.').waitFor()
  t.strictSame(rows(opened, 'select first_name from users where id = ?', user.id), [
    { first_name: 'Ana Lucía' }
  ])
})
