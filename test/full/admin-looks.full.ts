import { fileURLToPath } from 'node:url'
import type { BrowserContextOptions, Page } from 'playwright-core'
import t from 'tap'
import { insertImport } from './in-browser/made-import.ts'
import { type OpenedAdmin, openAdmin } from './in-browser/open-admin.ts'
import { checkAccessibility, DARK, PHONE, SPANISH, screenshot } from './in-browser/open-pages.ts'
import { ask, givePicture, signInAs, signUp } from './in-browser/people.ts'

const PORTRAIT = fileURLToPath(new URL('../portrait.jpg', import.meta.url))

const PEOPLE = [
  ['marisol', 'Marisol', 'Hernández Ruiz'],
  ['kwame.mensah', 'Kwame', 'Mensah'],
  ['yuki', 'Yuki', 'Tanaka'],
  ['zoe-lambert', 'Zoé', 'Lambert'],
  ['aleksander', 'Aleksander', 'Nowak'],
  ['priya_s', 'Priya', 'Sharma'],
  ['diego', 'Diego', 'Castañeda'],
  ['ingrid', '', ''],
  ['omar', 'Omar', 'Haddad'],
  ['lucia.fuentes', 'Lucía', 'Fuentes']
] as const

/** Some people, what was done to them, and an import. @returns the id of who was seen to most */
async function furnish(opened: OpenedAdmin): Promise<number> {
  const people = []
  for (const [username, first_name, last_name] of PEOPLE)
    people.push(await signUp(opened, username, { first_name, last_name }))
  const [marisol, kwame, , zoe] = people
  if (!marisol || !kwame || !zoe) throw new Error('they are there')
  await givePicture(opened, marisol, PORTRAIT)
  await givePicture(opened, zoe, PORTRAIT)
  await signInAs(opened, 'marisol')
  const { access } = await signInAs(opened, 'root')
  const act = (method: string, path: string, body?: object) =>
    ask(opened, method, `admin/users/${path}/`, { access, ...(body && { body }) })
  await act('POST', `${marisol.user.id}/sign-out`)
  await signInAs(opened, 'marisol')
  await act('PATCH', `${marisol.user.id}`, { last_name: 'Hernández', number_phone: '5512345678' })
  await act('POST', `${zoe.user.id}/grant-staff`)
  await act('POST', `${kwame.user.id}/deactivate`)
  insertImport(opened)
  return marisol.user.id
}

/** What is looked at: the hash, and what brings it about. */
type Scene = [name: string, hash: string, prepare: (page: Page) => Promise<unknown>]

const scenesOf = (id: number): Scene[] => [
  ['users', '', (page) => page.locator('.listing, .cards').waitFor()],
  ['no-match', '#/users?q=nobody', (page) => page.locator('.empty').waitFor()],
  ['user', `#/users/${id}`, (page) => page.locator('.user :is(.listing, .cards)').nth(1).waitFor()],
  [
    'confirm',
    `#/users/${id}`,
    async (page) => {
      await page.locator('.actions button').first().click()
      await page.locator('dialog[open]').waitFor()
    }
  ],
  [
    'delete',
    `#/users/${id}`,
    async (page) => {
      await page.locator('.actions button.danger').click()
      await page.locator('dialog[open]').waitFor()
      await page.keyboard.type('somebody')
      await page.keyboard.press('Enter')
      await page.locator('dialog .error').waitFor()
    }
  ],
  [
    'refused',
    `#/users/${id}`,
    async (page) => {
      await page.locator('[name=username]').fill('yuki')
      await page.locator('[name=email]').fill('nowhere')
      await page.locator('form button[type=submit]').click()
      await page.locator('.field .error').nth(1).waitFor()
    }
  ],
  [
    'unsaved',
    `#/users/${id}`,
    async (page) => {
      await page.locator('[name=first_name]').fill('Mari')
      await page.locator('header nav a').nth(1).click()
      await page.locator('dialog[open]').waitFor()
    }
  ],
  ['audit', '#/audit', (page) => page.locator('.listing, .cards').waitFor()],
  [
    'status',
    '#/status',
    async (page) => {
      await page.locator('details.import summary').click()
      await page.locator('dl.tiles').nth(1).waitFor()
    }
  ],
  ['nowhere', '#/nowhere', (page) => page.locator('h1').waitFor()]
]

const LOOKS: Record<string, BrowserContextOptions> = {
  light: {},
  dark: DARK,
  phone: PHONE,
  spanish: SPANISH,
  'phone-dark': { ...PHONE, ...DARK }
}

t.test('every view and dialogue, in every look', async (t) => {
  const opened = await openAdmin(t)
  const id = await furnish(opened)
  const scenes = scenesOf(id)
  for (const [look, options] of Object.entries(LOOKS))
    await t.test(look, async (t) => {
      const page = await opened.open(t, '/admin/', options)
      await page.locator('[name=password]').waitFor()
      await screenshot(page, `admin-sign-in-${look}`)
      await checkAccessibility(t, page, 'sign-in')
      const signedIn = await opened.openAs(t, 'root', '#/status', options)
      await signedIn.locator('dl.tiles').nth(1).waitFor()
      for (const [name, hash, prepare] of scenes) {
        const tab = await opened.openTab(t, signedIn, `/admin/${hash}`)
        await tab.locator('main h1').waitFor()
        await prepare(tab)
        await tab.waitForLoadState('networkidle')
        const isDialog = (await tab.locator('dialog[open]').count()) > 0
        await screenshot(tab, `admin-${name}-${look}`, { fullPage: !isDialog })
        await checkAccessibility(t, tab, name)
        const room = await tab.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
        t.ok(room <= 0, `${name} fits the screen`)
        await tab.close()
      }
    })

  await t.test('who is no staff, and whose session has ended', async (t) => {
    const page = await opened.openAs(t, 'yuki')
    await page.getByText('You are signed in as yuki').waitFor()
    await screenshot(page, 'admin-no-staff-light')
    await checkAccessibility(t, page, 'no staff')

    const ended = await opened.openAs(t, 'root', `#/users/${id}`)
    await ended.getByLabel('First name').fill('Mari')
    const { access } = await signInAs(opened, 'root')
    await ask(opened, 'POST', 'sign-out-everywhere/', { access })
    await ended.getByRole('button', { name: 'Save' }).click()
    await ended.getByRole('dialog').waitFor()
    await screenshot(ended, 'admin-session-ended-light', { fullPage: false })
    await checkAccessibility(t, ended, 'session ended')
  })

  await t.test('a user who was changed meanwhile', async (t) => {
    const page = await opened.openAs(t, 'root', `#/users/${id}`)
    await page.getByLabel('First name').fill('Mari')
    const { access } = await signInAs(opened, 'root')
    await ask(opened, 'PATCH', `admin/users/${id}/`, { access, body: { first_name: 'Marisol E.' } })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Is now: Marisol E.').waitFor()
    await screenshot(page, 'admin-meanwhile-light')
    await checkAccessibility(t, page, 'meanwhile')
  })
})
