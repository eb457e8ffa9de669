import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { PASSWORD } from '../helper.ts'
import { startService } from '../service.ts'
import { makePerson, part, rowOf, signInOn, title, typed } from './in-browser/account-steps.ts'
import { checkAccessibility, openPages, screenshot, slowLine } from './in-browser/open-pages.ts'

interface Failure {
  status: number
  sentence: string
  body?: string
  headers?: Record<string, string>
}

/** What the page says where a part of the service fails, or what is in front of it. */
const FAILURES: Failure[] = [
  { status: 500, sentence: 'Something went wrong on the server.', body: '{"error":"failed"}' },
  { status: 502, sentence: 'Something went wrong on the server.', body: '<html>Bad Gateway</html>' },
  { status: 503, sentence: 'The service can’t do this right now.', headers: { 'retry-after': '1' } },
  { status: 507, sentence: 'The service can’t do this right now.' },
  { status: 429, sentence: 'Too many tries. Wait 17 seconds', headers: { 'retry-after': '17' } }
]

const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

t.test('a service that fails', async (t) => {
  const { open, service, folder } = await openPages(t)

  async function start(t: Test, username: string) {
    const person = await makePerson(service.origin, username)
    const page = await open(t, '/account/')
    await signInOn(page, username)
    await title(page, username).waitFor()
    return { person, page, profile: part(page, 'Profile') }
  }

  /** Answers requests of the interface in the service's stead, until it is told to stop. */
  async function answerAll(page: Page, { status, body = '{}', headers }: Failure) {
    const contentType = body.startsWith('<') ? 'text/html' : 'application/json'
    await page.route('**/api/**', (route) =>
      route.fulfill({ status, body, contentType, ...(headers && { headers }) })
    )
    return () => page.unrouteAll()
  }

  await t.test('is explained in a sentence, and what was typed is kept, then saved', async (t) => {
    const { person, page, profile } = await start(t, 'ada')
    for (const [index, failure] of FAILURES.entries()) {
      const stop = await answerAll(page, failure)
      const name = `Ada${index}`
      await profile.getByLabel('First name').fill(name)
      await profile.getByRole('button', { name: 'Save' }).click()
      await profile.getByRole('alert').getByText(failure.sentence).waitFor()
      t.equal(await typed(page, 'First name'), name)
      t.not(rowOf(folder, person)?.first_name, name)
      if (index === 0) await checkAccessibility(t, page, 'failed')
      await stop()
      await profile.getByRole('button', { name: 'Save' }).click()
      await title(page, name).waitFor()
      t.equal(rowOf(folder, person)?.first_name, name)
      t.equal(await profile.getByRole('alert').count(), 0, 'the sentence is gone')
    }
  })

  await t.test('also on the way in', async (t) => {
    await makePerson(service.origin, 'bob')
    const page = await open(t, '/account/')
    await title(page, 'Sign in').waitFor()
    for (const failure of FAILURES) {
      const stop = await answerAll(page, failure)
      await signInOn(page, 'bob')
      await page.getByRole('alert').getByText(failure.sentence).waitFor()
      t.equal(await typed(page, 'Email or username'), 'bob')
      t.equal(await typed(page, 'Password'), PASSWORD)
      await stop()
    }
    await page.getByRole('button', { name: 'Sign in' }).click()
    await title(page, 'bob').waitFor()
  })

  await t.test('without a line nothing is lost', async (t) => {
    const { person, page, profile } = await start(t, 'carol')
    await profile.getByLabel('First name').fill('Carol')
    await page.context().setOffline(true)
    await profile.getByRole('button', { name: 'Save' }).click()
    await profile.getByText('The service can’t be reached.').waitFor()
    await part(page, 'Your data').getByRole('button', { name: 'Download as zip' }).click()
    await part(page, 'Your data').getByRole('alert').waitFor()
    await screenshot(page, 'account-offline')
    await page.context().setOffline(false)
    await profile.getByRole('button', { name: 'Save' }).click()
    await profile.getByText('Saved.').waitFor()
    t.equal(rowOf(folder, person)?.first_name, 'Carol')
  })

  await t.test('whoever signs out without a line is told that it may not be over', async (t) => {
    const { page } = await start(t, 'dave')
    await page.context().setOffline(true)
    await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('this browser may still be signed in').waitFor()
    t.equal(await page.getByText('dave').count(), 0, 'nothing of his is left on the page')
    await page.context().setOffline(false)
    await page.getByRole('button', { name: 'Sign out again' }).click()
    await page.getByText('You are signed out.').waitFor()
    t.equal((await page.context().cookies()).length, 0)
    await page.reload()
    await title(page, 'Sign in').waitFor()
  })

  await t.test('who is signed in finds that out as soon as the service is back', async (t) => {
    const { page } = await start(t, 'erin')
    await page.route('**/api/session/', (route) => route.fulfill({ status: 503, body: '{}' }))
    await page.reload()
    await page.getByRole('alert').getByText('The service can’t do this right now.').waitFor()
    t.equal(await page.getByLabel('Password').count(), 0, 'nobody is asked for a password')
    await checkAccessibility(t, page, 'not found out')
    await screenshot(page, 'account-not-found-out')
    await page.unrouteAll()
    await page.getByRole('button', { name: 'Try again' }).click()
    await title(page, 'erin').waitFor()
  })

  await t.test(
    'on a slow line the page says what it waits for, and never shows the wrong form',
    async (t) => {
      const { page, profile, person } = await start(t, 'frank')
      await slowLine(page)
      await page.addInitScript(`globalThis.forms = 0
      new MutationObserver(() => { forms += document.querySelectorAll('[name=password]').length })
        .observe(document, { childList: true, subtree: true })`)
      await page.route('**/api/session/', async (route) => {
        await later(3000)
        await route.continue()
      })
      await page.reload({ waitUntil: 'commit' })
      await page.getByText('Finding out whether you are signed in…').waitFor()
      await checkAccessibility(t, page, 'starting')
      await screenshot(page, 'account-starting')
      await title(page, 'frank').waitFor()
      t.equal(await page.evaluate('forms'), 0)

      await page.route('**/update/', async (route) => {
        await later(5000)
        await route.continue()
      })
      await profile.getByLabel('First name').fill('Frank')
      const save = profile.getByRole('button', { name: 'Save' })
      await save.click()
      t.equal(await save.getAttribute('aria-busy'), 'true')
      await profile.getByText('The service takes long to answer.').waitFor()
      await profile.getByText('Saved.').waitFor()
      t.equal(rowOf(folder, person)?.first_name, 'Frank')
    }
  )
})

t.test('a service that is killed and comes back on its port', async (t) => {
  const { open, service, folder } = await openPages(t)
  const person = await makePerson(service.origin, 'ada')
  const page = await open(t, '/account/')
  await signInOn(page, 'ada')
  await title(page, 'ada').waitFor()
  const profile = part(page, 'Profile')
  await profile.getByLabel('First name').fill('Ada')
  await service.stop('SIGKILL')
  await profile.getByRole('button', { name: 'Save' }).click()
  await profile.getByText('The service can’t be reached.').waitFor()
  t.equal(await typed(page, 'First name'), 'Ada')

  await startService(t, folder, { PORT: new URL(service.origin).port })
  await profile.getByRole('button', { name: 'Save' }).click()
  await profile.getByText('Saved.').waitFor()
  t.equal(rowOf(folder, person)?.first_name, 'Ada')
})

t.test('too many wrong passwords are refused with the seconds that are left', async (t) => {
  const { open, service } = await openPages(t, { RATE_LIMIT: 'on' })
  const person = await makePerson(service.origin, 'ada')
  const page = await open(t, '/account/')
  for (let tries = 0; tries < 10; tries++)
    await fetch(`${service.origin}/api/sign-in/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: person.email, password: 'wrong' })
    })
  await signInOn(page, person.email)
  const sentence = await page.getByRole('alert').textContent()
  t.match(sentence, /^Too many tries\. Wait \d+ seconds, then try again\.$/)
  t.equal(await typed(page, 'Password'), PASSWORD)
})
