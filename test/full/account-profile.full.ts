import type { Request } from 'playwright-core'
import t, { type Test } from 'tap'
import { eventually, PASSWORD } from '../helper.ts'
import {
  callAs,
  dialog,
  isPassword,
  makePerson,
  part,
  rowOf,
  signInOn,
  title,
  typed,
  writeSql
} from './in-browser/account-steps.ts'
import { checkAccessibility, openPages, screenshot } from './in-browser/open-pages.ts'

/** Keeps what updates hold, which the browser tells nobody of bodies that are streams. */
const KEEP_BODIES = `globalThis.bodies = []
const send = globalThis.fetch
globalThis.fetch = async (request) => {
  if (request.method === 'PATCH') bodies.push(await request.clone().json())
  return send(request)
}`

/** Where the page notices what happens elsewhere, as a window does that is looked at again. */
const LOOK = 'dispatchEvent(new Event("focus"))'

t.test('the profile and the password', async (t) => {
  const { open, openTab, service, folder } = await openPages(t)

  /** Somebody new, signed in on a page, whose requests are kept. */
  async function start(t: Test, username: string, fields?: object) {
    const person = await makePerson(service.origin, username, fields)
    const page = await open(t, '/account/')
    await signInOn(page, username)
    await page.getByRole('region', { name: 'Profile' }).waitFor()
    await page.evaluate(KEEP_BODIES)
    const updates: Request[] = []
    page.on('request', (sent) => {
      if (sent.method() === 'PATCH') updates.push(sent)
    })
    const profile = part(page, 'Profile')
    return {
      person,
      page,
      profile,
      updates,
      row: () => rowOf(folder, person),
      save: () => profile.getByRole('button', { name: 'Save' }).click(),
      elsewhere: (changes: object) =>
        callAs(service.origin, person, 'PATCH', `profile/${person.id}/update/`, changes)
    }
  }

  await t.test('what was changed is sent, and nothing else', async (t) => {
    const { page, profile, updates, row, save } = await start(t, 'ada', { number_phone: '5512345678' })
    await save()
    await profile.getByText('There is nothing to save').waitFor()
    t.equal(updates.length, 0)

    await profile.getByLabel('First name').fill(' Ada ')
    await profile.getByLabel('Phone number').fill('')
    await save()
    await profile.getByText('Saved.').waitFor()
    t.strictSame(await page.evaluate('bodies'), [{ first_name: ' Ada ', number_phone: null }])
    t.match(await updates[0]?.allHeaders(), { 'if-match': /^"[\w-]+"$/ })
    t.match(row(), { username: 'ada', first_name: 'Ada', last_name: '', number_phone: null })
    await title(page, 'Ada').waitFor()
    t.equal(await typed(page, 'First name'), 'Ada', 'as it was kept')
  })

  await t.test('what the service refuses stands beside its field, and what was typed stays', async (t) => {
    const { page, profile, row, save } = await start(t, 'bob')
    await profile.getByLabel('Username').fill('ADA')
    await profile.getByLabel('Email').fill('nobody')
    await profile.getByLabel('Last name').fill('Builder')
    await save()
    await profile.getByText('A user with that username already exists.').waitFor()
    await profile.getByText('This field must be a valid email address.').waitFor()
    t.equal(await page.evaluate('document.activeElement.name'), 'username')
    t.equal(await typed(page, 'Username'), 'ADA')
    t.equal(await typed(page, 'Last name'), 'Builder')
    t.match(row(), { username: 'bob', last_name: '' })
    await checkAccessibility(t, page, 'profile with errors')

    await profile.getByRole('button', { name: 'Discard changes' }).click()
    t.equal(await typed(page, 'Username'), 'bob')
  })

  await t.test('a change from another device is taken over where nothing was typed', async (t) => {
    const { page, elsewhere } = await start(t, 'carol')
    await elsewhere({ first_name: 'Carol' })
    await page.evaluate(LOOK)
    await title(page, 'Carol').waitFor()
    t.equal(await typed(page, 'First name'), 'Carol')
    const asked = page.waitForResponse((answer) => answer.url().endsWith('/api/profile/'))
    await page.evaluate(LOOK)
    t.equal((await asked).status(), 304, 'nothing new costs nothing')
  })

  await t.test('where the same field was typed in, there is a choice, field by field', async (t) => {
    const { page, profile, row, save, elsewhere, updates } = await start(t, 'dave')
    await profile.getByLabel('First name').fill('David')
    await profile.getByLabel('Last name').fill('Here')
    await profile.getByLabel('Phone number').fill('123')
    await elsewhere({ first_name: 'Davy', last_name: 'There', email: 'dave2@example.com' })
    await page.evaluate(LOOK)
    await profile.getByText('Changed meanwhile to “Davy”.').waitFor()
    t.equal(await typed(page, 'Email'), 'dave2@example.com', 'nobody typed there')
    t.equal(await typed(page, 'First name'), 'David')
    t.equal(await typed(page, 'Phone number'), '123')
    await checkAccessibility(t, page, 'conflict')
    await screenshot(page, 'account-conflict')

    await save()
    await eventually('the choice has the focus', async () =>
      Boolean(await page.evaluate('document.activeElement.closest(".choice")'))
    )
    t.equal(updates.length, 0, 'not before the choice')
    const choice = (field: string) => page.getByRole('group', { name: `${field}: which value to keep` })
    await choice('First name').getByRole('button', { name: 'Keep mine' }).click()
    t.equal(await page.evaluate('document.activeElement.name'), 'first_name')
    await choice('Last name').getByRole('button', { name: 'Take theirs' }).click()
    t.equal(await typed(page, 'Last name'), 'There')
    await save()
    await profile.getByText('Saved.').waitFor()
    t.strictSame(await page.evaluate('bodies'), [{ first_name: 'David', number_phone: '123' }])
    t.match(row(), {
      first_name: 'David',
      last_name: 'There',
      number_phone: '123',
      email: 'dave2@example.com'
    })
  })

  await t.test('a save that comes too late asks for the same choice', async (t) => {
    const { page, profile, row, save, elsewhere, updates } = await start(t, 'erin')
    await profile.getByLabel('First name').fill('Erin')
    await elsewhere({ first_name: 'Aaron' })
    await save()
    await profile.getByText('Changed meanwhile to “Aaron”.').waitFor()
    t.equal(row()?.first_name, 'Aaron')
    t.equal((await updates[0]?.response())?.status(), 412)
    await profile.getByRole('button', { name: 'Keep mine' }).click()
    await save()
    await profile.getByText('Saved.').waitFor()
    t.equal(row()?.first_name, 'Erin')
    await title(page, 'Erin').waitFor()
  })

  await t.test('what changed in other fields is no reason to ask', async (t) => {
    const { profile, row, save, elsewhere, person, updates } = await start(t, 'frank')
    await profile.getByLabel('First name').fill('Frank')
    writeSql(folder, 'update users set last_login = last_login + 60000 where id = ?', person.id)
    await elsewhere({ last_name: 'Elsewhere' })
    await save()
    await profile.getByText('Saved.').waitFor()
    t.match(row(), { first_name: 'Frank', last_name: 'Elsewhere' })
    t.strictSame(
      await Promise.all(updates.map(async (sent) => (await sent.response())?.status())),
      [412, 200]
    )
  })

  await t.test('a change in another tab is told at once', async (t) => {
    const { page, profile, save } = await start(t, 'gina')
    const other = await openTab(t, page, '/account/')
    await title(other, 'gina').waitFor()
    await part(other, 'Profile').getByLabel('Last name').fill('Typed')
    await profile.getByLabel('First name').fill('Gina')
    await profile.getByLabel('Last name').fill('Saved')
    await save()
    await title(other, 'Gina Saved').waitFor()
    await other.getByText('Changed meanwhile to “Saved”.').waitFor()
    t.equal(await typed(other, 'Last name'), 'Typed')
  })

  await t.test('a double click saves once', async (t) => {
    const { profile, updates } = await start(t, 'hank')
    await profile.getByLabel('First name').fill('Hank')
    await profile.getByRole('button', { name: 'Save' }).dblclick()
    await profile.getByText('Saved.').waitFor()
    t.equal(updates.length, 1)
  })

  await t.test('leaving asks while something is unsaved, and only then', async (t) => {
    const { page, profile, person, row } = await start(t, 'ivy')
    const asked: string[] = []
    page.on('dialog', (question) => {
      asked.push(question.type())
      void question.dismiss()
    })
    await profile.getByLabel('First name').fill('Ivy')
    await profile.getByRole('button', { name: 'Discard changes' }).waitFor()
    await page.close({ runBeforeUnload: true })
    await eventually('the browser asked', () => asked.length > 0)
    t.strictSame(asked, ['beforeunload'])
    t.equal(await typed(page, 'First name'), 'Ivy')

    await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click()
    const question = dialog(page, 'You have unsaved changes')
    await question.waitFor()
    await checkAccessibility(t, page, 'unsaved')
    await screenshot(page, 'account-unsaved', { fullPage: false })
    await question.getByRole('button', { name: 'Stay here' }).click()
    t.equal(await typed(page, 'First name'), 'Ivy')
    await page.getByLabel('Language').selectOption('es')
    t.equal(await typed(page, 'Nombre'), 'Ivy')
    await page.getByLabel('Idioma').selectOption('en')

    await profile.getByLabel('First name').fill('')
    await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click()
    await title(page, 'Sign in').waitFor()
    t.equal(row()?.first_name, '', person.username)
    await page.close({ runBeforeUnload: true })
    await eventually('it closed without a question', () => page.isClosed())
    t.equal(asked.length, 1)
  })

  await t.test('a new password signs all others out, and not this browser', async (t) => {
    const { page, person, elsewhere } = await start(t, 'jack')
    const other = await openTab(t, page, '/account/')
    await title(other, 'jack').waitFor()
    const section = part(page, 'Change password')
    await section.getByLabel('Current password').fill('wrong horse 42')
    await section.getByLabel('New password').fill('12345')
    await section.getByRole('button', { name: 'Change password' }).click()
    await section.getByText('Your old password was entered incorrectly.').waitFor()
    await section.getByText('This password is too short.').waitFor()
    t.ok(await isPassword(service.origin, person, PASSWORD))

    await section.getByLabel('Current password').fill(PASSWORD)
    await section.getByLabel('New password').fill('battery staple 43')
    await section.getByRole('button', { name: 'Change password' }).click()
    await section.getByText('Your password is changed.').waitFor()
    t.equal(await typed(page, 'New password'), '')
    t.ok(await isPassword(service.origin, person, 'battery staple 43'))
    t.notOk(await isPassword(service.origin, person, PASSWORD))
    await t.rejects(elsewhere({ first_name: 'Nobody' }), /401/)

    for (const tab of [page, other]) {
      await part(tab, 'Profile').getByLabel('First name').fill('Jack')
      await part(tab, 'Profile')
        .getByLabel('Last name')
        .fill(tab === page ? 'One' : 'Two')
      await part(tab, 'Profile').getByRole('button', { name: 'Save' }).click()
      await part(tab, 'Profile').getByText('Saved.').waitFor()
    }
    t.equal(rowOf(folder, person)?.last_name, 'Two')
  })
})
