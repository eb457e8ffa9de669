import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { png } from '../pictures.ts'
import {
  callAs,
  dialog,
  makePerson,
  type Person,
  part,
  rowOf,
  sessionsOf,
  signInOn,
  title,
  writeSql
} from './in-browser/account-steps.ts'
import { checkAccessibility, openPages, PHONE, SPANISH, screenshot } from './in-browser/open-pages.ts'

t.test('what the service has of somebody, to take along and to be deleted', async (t) => {
  const { open, openTab, service, folder } = await openPages(t)
  const pictures = () => readdirSync(`${folder}/media/avatars`)

  async function start(t: Test, username: string, options = {}, fields = {}) {
    const person = await makePerson(service.origin, username, fields)
    const page = await open(t, '/account/', options)
    return { person, page }
  }

  async function setPicture({ id, access }: Person): Promise<Buffer> {
    const form = new FormData()
    form.append('avatar', new Blob([await png()]))
    const answer = await fetch(`${service.origin}/api/profile/${id}/update/`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${access}` },
      body: form
    })
    const { avatar } = (await answer.json()) as { avatar: string }
    return Buffer.from(await (await fetch(service.origin + avatar)).arrayBuffer())
  }

  /** What a click downloads: the file's name, and where it is. */
  async function downloadBy(page: Page, button: string) {
    const started = page.waitForEvent('download')
    await part(page, 'Your data').getByRole('button', { name: button }).click()
    const file = await started
    return { name: file.suggestedFilename(), path: await file.path() }
  }

  /** Unpacked by another program than made it. */
  function unpack(t: Test, path: string): Record<string, Buffer> {
    const into = t.testdir()
    execFileSync('python3', ['-m', 'zipfile', '-e', path, into])
    return Object.fromEntries(readdirSync(into).map((name) => [name, readFileSync(`${into}/${name}`)]))
  }

  await t.test('as a zip, with the picture as it is served', async (t) => {
    const { person, page } = await start(t, 'ada')
    const picture = await setPicture(person)
    await signInOn(page, 'ada')
    await title(page, 'ada').waitFor()
    // The page has not heard of it yet.
    await callAs(service.origin, person, 'PATCH', `profile/${person.id}/update/`, { last_name: 'Lovelace' })
    const { name, path } = await downloadBy(page, 'Download as zip')
    t.equal(name, 'ada.zip')
    const files = unpack(t, path)
    t.strictSame(Object.keys(files), ['avatar.png', 'profile.json'])
    t.ok(files['avatar.png']?.equals(picture))
    t.strictSame(
      JSON.parse(String(files['profile.json'])),
      await callAs(service.origin, person, 'GET', 'profile/')
    )
    t.match(JSON.parse(String(files['profile.json'])), { username: 'ada', last_name: 'Lovelace' })
    await part(page, 'Your data').getByText('ada.zip is downloaded.').waitFor()
  })

  await t.test('as JSON alone', async (t) => {
    const { person, page } = await start(t, 'bob')
    await signInOn(page, 'bob')
    await title(page, 'bob').waitFor()
    const { name, path } = await downloadBy(page, 'Download JSON alone')
    t.equal(name, 'bob.json')
    t.strictSame(
      JSON.parse(readFileSync(path, 'utf8')),
      await callAs(service.origin, person, 'GET', 'profile/')
    )
    const zip = await downloadBy(page, 'Download as zip')
    t.strictSame(Object.keys(unpack(t, zip.path)), ['profile.json'], 'without a picture there is none')
  })

  await t.test('where the picture can’t be had, the zip says so, and the page', async (t) => {
    const { person, page } = await start(t, 'carol')
    await setPicture(person)
    const key = String(rowOf(folder, person)?.avatar)
    rmSync(`${folder}/media/avatars/${key}`)
    await signInOn(page, 'carol')
    await title(page, 'carol').waitFor()
    const { path } = await downloadBy(page, 'Download as zip')
    const files = unpack(t, path)
    t.strictSame(Object.keys(files), ['avatar-missing.txt', 'profile.json'])
    t.match(String(files['avatar-missing.txt']), `/media/avatars/${key}`)
    await part(page, 'Your data').getByText('Your picture could not be fetched').waitFor()
  })

  await t.test('an account is deleted once its name was typed', async (t) => {
    const { person, page } = await start(t, 'dave')
    await setPicture(person)
    const before = pictures().length
    await signInOn(page, 'dave')
    await title(page, 'dave').waitFor()
    const other = await openTab(t, page, '/account/')
    await title(other, 'dave').waitFor()
    await part(page, 'Delete account').getByRole('button').click()
    const question = dialog(page, 'Delete your account?')
    const really = question.getByRole('button', { name: 'Delete my account' })
    await question.getByText('your picture, in all its sizes').waitFor()
    t.ok(await really.isDisabled())
    const field = question.getByLabel('Type your username, dave, to confirm')
    for (const text of ['dav', 'Dave', 'dave2']) {
      await field.fill(text)
      t.ok(await really.isDisabled(), text)
    }
    await checkAccessibility(t, page, 'deletion')
    await screenshot(page, 'account-delete', { fullPage: false })
    await question.getByRole('button', { name: 'Cancel' }).click()
    t.ok(rowOf(folder, person))

    await part(page, 'Delete account').getByRole('button').click()
    await field.fill('dave')
    await really.click()
    await title(page, 'Goodbye, dave').waitFor()
    t.equal(rowOf(folder, person), undefined)
    t.equal(sessionsOf(folder, person), 0)
    t.equal(pictures().length, before - 1)
    await other.getByText('You signed out in another tab.').waitFor()
    await checkAccessibility(t, page, 'goodbye')
    await screenshot(page, 'account-goodbye')
    await page.getByRole('button', { name: 'Create a new account' }).click()
    await title(page, 'Create an account').waitFor()
  })

  await t.test('in Spanish, on a phone, to the staff, with its times', async (t) => {
    const options = { ...PHONE, ...SPANISH, timezoneId: 'America/Mexico_City' }
    const { person, page } = await start(t, 'Ñandú', options, {
      email: 'nandu@example.com',
      first_name: 'José',
      last_name: 'Ñandú'
    })
    writeSql(folder, 'update users set date_joined = ? where id = ?', Date.UTC(2024, 0, 15, 3), person.id)
    await page.getByLabel('Correo o nombre de usuario').fill('ñandú')
    await page.getByLabel('Contraseña', { exact: true }).fill('correct horse 42')
    await page.getByRole('button', { name: 'Iniciar sesión' }).click()
    await title(page, 'José Ñandú').waitFor()
    await page.getByText('14 de enero de 2024').waitFor()
    t.equal(await page.getByRole('link', { name: 'Administración' }).count(), 0)
    writeSql(folder, 'update users set is_staff = 1 where id = ?', person.id)
    await page.evaluate('dispatchEvent(new Event("focus"))')
    const link = page.getByRole('link', { name: 'Administración' })
    await link.waitFor()
    t.equal(await link.getAttribute('href'), '../admin/')
    t.equal(
      await page.evaluate('document.documentElement.scrollWidth'),
      390,
      'nothing is wider than the phone'
    )
    await checkAccessibility(t, page, 'phone in Spanish')
    await screenshot(page, 'account-phone-spanish')
  })
})
