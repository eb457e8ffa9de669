import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { eventually, PASSWORD } from '../helper.ts'
import { signInAt } from '../service.ts'
import {
  dialog,
  makePerson,
  type Person,
  part,
  rowOf,
  sessionsOf,
  signInOn,
  title,
  typed,
  writeSql
} from './in-browser/account-steps.ts'
import { checkAccessibility, openPages, screenshot } from './in-browser/open-pages.ts'

t.test('sessions that end, and tabs that share one', async (t) => {
  // So short that much of what follows finds its access token expired.
  const { open, openTab, service, folder } = await openPages(t, { ACCESS_TOKEN_LIFETIME: '2' })

  async function start(t: Test, username: string) {
    const person = await makePerson(service.origin, username)
    const page = await open(t, '/account/')
    await signInOn(page, username)
    await title(page, username).waitFor()
    return { person, page }
  }

  const typeName = (page: Page, name: string) => part(page, 'Profile').getByLabel('First name').fill(name)

  async function save(page: Page): Promise<void> {
    await part(page, 'Profile').getByRole('button', { name: 'Save' }).click()
  }

  const expiry = () => new Promise((resolve) => setTimeout(resolve, 2100))

  await t.test('an access token that has expired is none of the user’s business', async (t) => {
    const { person, page } = await start(t, 'ada')
    await typeName(page, 'Ada')
    await expiry()
    await save(page)
    await part(page, 'Profile').getByText('Saved.').waitFor()
    t.equal(rowOf(folder, person)?.first_name, 'Ada')
  })

  await t.test('two tabs that refresh at the same time both go on', async (t) => {
    const { person, page } = await start(t, 'bob')
    const other = await openTab(t, page, '/account/')
    await title(other, 'bob').waitFor()
    for (let turn = 1; turn <= 5; turn++) {
      await expiry()
      await typeName(page, `Bob${turn}`)
      await part(other, 'Profile').getByLabel('Last name').fill(`Tab${turn}`)
      await Promise.all([save(page), save(other)])
      await title(page, `Bob${turn} Tab${turn}`).waitFor()
      await title(other, `Bob${turn} Tab${turn}`).waitFor()
      t.match(rowOf(folder, person), { first_name: `Bob${turn}`, last_name: `Tab${turn}` })
    }
    t.equal(sessionsOf(folder, person), 2, 'no session was taken for a stolen one')
    t.equal(await page.getByRole('dialog').count(), 0)
  })

  await t.test('signing out in one tab signs the others out', async (t) => {
    const { person, page } = await start(t, 'carol')
    const other = await openTab(t, page, '/account/')
    await title(other, 'carol').waitFor()
    await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click()
    await other.getByText('You signed out in another tab.').waitFor()
    t.equal(await other.getByText('carol').count(), 0, 'nothing of hers is left on the page')
    t.equal(sessionsOf(folder, person), 1)

    await signInOn(page, 'carol')
    await title(other, 'carol').waitFor()
  })

  await t.test('what was typed there waits behind a question', async (t) => {
    const { person, page } = await start(t, 'dave')
    const other = await openTab(t, page, '/account/')
    await title(other, 'dave').waitFor()
    await typeName(other, 'David')
    await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click()
    const question = dialog(other, 'Sign in again')
    await question.getByText('You signed out in another tab').waitFor()
    await checkAccessibility(t, other, 'signed out elsewhere')
    await screenshot(other, 'account-signed-out-elsewhere', { fullPage: false })
    await other.keyboard.press('Escape')
    await other.keyboard.press('Escape')
    t.ok(await question.isVisible(), 'it has to be answered')

    await question.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await question.getByRole('button', { name: 'Sign in' }).click()
    await question.waitFor({ state: 'detached' })
    t.equal(await typed(other, 'First name'), 'David')
    await save(other)
    await part(other, 'Profile').getByText('Saved.').waitFor()
    t.equal(rowOf(folder, person)?.first_name, 'David')
    await title(page, 'David').waitFor()
  })

  /** Ends all sessions of somebody from a device that has just signed in. */
  async function endAll({ email }: Person): Promise<void> {
    const signedIn = await signInAt(service.origin, email, PASSWORD)
    const { access } = (await signedIn.json()) as { access: string }
    await fetch(`${service.origin}/api/sign-out-everywhere/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${access}` }
    })
  }

  const ends: [string, (person: Person, page: Page) => Promise<void>][] = [
    ['ended everywhere', endAll],
    ['forgotten by the browser', (_person, page) => page.context().clearCookies()]
  ]
  for (const [what, end] of ends)
    await t.test(`a session that was ${what} is begun anew over what was typed`, async (t) => {
      const username = `erin-${what.slice(0, 3)}`
      const person = await makePerson(service.origin, username)
      const page = await open(t, '/account/')
      await signInOn(page, username)
      await title(page, username).waitFor()
      await typeName(page, 'Erin')
      await end(person, page)
      await expiry()
      await save(page)
      const question = dialog(page, 'Sign in again')
      await question.getByText('Your session has ended.').waitFor()
      t.equal(rowOf(folder, person)?.first_name, '')
      t.equal(await page.evaluate('document.activeElement.name'), 'password')
      await checkAccessibility(t, page, what)
      await screenshot(page, 'account-session-ended', { fullPage: false })

      await question.getByLabel('Password', { exact: true }).fill('wrong')
      await question.getByRole('button', { name: 'Sign in' }).click()
      await question.getByText('Invalid email or password.').waitFor()
      await question.getByLabel('Password', { exact: true }).fill(PASSWORD)
      await question.getByRole('button', { name: 'Sign in' }).click()
      await question.waitFor({ state: 'detached' })
      t.equal(await typed(page, 'First name'), 'Erin')
      await save(page)
      await part(page, 'Profile').getByText('Saved.').waitFor()
      t.equal(rowOf(folder, person)?.first_name, 'Erin')
    })

  await t.test('a deactivated user gets no further, and can leave', async (t) => {
    const { person, page } = await start(t, 'frank')
    await typeName(page, 'Frank')
    writeSql(folder, 'update users set is_active = 0 where id = ?', person.id)
    await save(page)
    const question = dialog(page, 'Sign in again')
    await question.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await question.getByRole('button', { name: 'Sign in' }).click()
    await question.getByText('Invalid email or password.').waitFor()
    await question.getByRole('button', { name: 'Leave without saving' }).click()
    await title(page, 'Sign in').waitFor()
    t.equal(rowOf(folder, person)?.first_name, '')
  })

  await t.test('somebody else who signs in over it starts anew', async (t) => {
    const { person, page } = await start(t, 'gina')
    const hank = await makePerson(service.origin, 'hank')
    await typeName(page, 'Gina')
    await endAll(person)
    await save(page)
    const question = dialog(page, 'Sign in again')
    await question.waitFor()
    await question.getByLabel('Email or username').fill('hank')
    await question.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await question.getByRole('button', { name: 'Sign in' }).click()
    await title(page, 'hank').waitFor()
    t.equal(await typed(page, 'First name'), '')
    await part(page, 'Profile').getByLabel('Last name').fill('Hankson')
    await save(page)
    await part(page, 'Profile').getByText('Saved.').waitFor()
    t.match(rowOf(folder, hank), { first_name: '', last_name: 'Hankson' })
    t.match(rowOf(folder, person), { first_name: '', last_name: '' })
  })

  await t.test('edits never go into the account that another tab has signed in as', async (t) => {
    const { person: ivy, page } = await start(t, 'ivy')
    const jack = await makePerson(service.origin, 'jack')
    const other = await openTab(t, page, '/account/')
    await title(other, 'ivy').waitFor()
    const idle = await openTab(t, page, '/account/')
    await title(idle, 'ivy').waitFor()
    // As a tab that has slept through it all, and hears of it by its next request.
    const deaf = await openTab(t, page, '/account/')
    await title(deaf, 'ivy').waitFor()
    await deaf.evaluate('BroadcastChannel.prototype.addEventListener = () => {}')
    await deaf.addInitScript('BroadcastChannel.prototype.addEventListener = () => {}')
    await deaf.reload()
    await title(deaf, 'ivy').waitFor()
    await typeName(deaf, 'Deaf')
    await typeName(other, 'Ivy')

    await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click()
    await signInOn(page, 'jack')
    await title(page, 'jack').waitFor()
    await title(idle, 'jack').waitFor()

    await dialog(other, 'Sign in again').waitFor()
    await expiry()
    await save(deaf)
    await dialog(deaf, 'Sign in again').getByText('Somebody else signed in').waitFor()
    await screenshot(deaf, 'account-somebody-else', { fullPage: false })
    t.match(rowOf(folder, jack), { first_name: '', last_name: '' })
    t.match(rowOf(folder, ivy), { first_name: '', last_name: '' })

    await dialog(deaf, 'Sign in again').getByRole('button', { name: 'Leave without saving' }).click()
    await title(deaf, 'jack').waitFor()
    await eventually('the tab shows his fields', async () => (await typed(deaf, 'First name')) === '')

    await dialog(other, 'Sign in again').getByLabel('Password', { exact: true }).fill(PASSWORD)
    await dialog(other, 'Sign in again').getByRole('button', { name: 'Sign in' }).click()
    await dialog(other, 'Sign in again').waitFor({ state: 'detached' })
    await save(other)
    await part(other, 'Profile').getByText('Saved.').waitFor()
    t.equal(rowOf(folder, ivy)?.first_name, 'Ivy')
    t.equal(rowOf(folder, jack)?.first_name, '')
    await title(page, 'Ivy').waitFor()
  })
})
