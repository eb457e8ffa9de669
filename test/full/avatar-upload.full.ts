import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import t, { type Test } from 'tap'
import { eventually } from '../helper.ts'
import { noise, quarters } from '../pictures.ts'
import { slowUploads } from './browser.ts'
import { type AvatarPage, openAvatarPage, quarterColours } from './in-browser/avatar-page.ts'
import { openPages } from './in-browser/open-pages.ts'

const PORTRAIT = fileURLToPath(new URL('../portrait.jpg', import.meta.url))
const UPDATE = /\/api\/profile\/\d+\/update\/$/

const saved = ({ page }: AvatarPage) => page.getByText('Your new picture is saved.').waitFor()

async function crop({ page, choose }: AvatarPage, path: string) {
  await choose(path)
  await page.locator('.crop-stage.ready').waitFor()
}

/** Changes a user beside the page, as another device does. */
async function changeElsewhere(t: Test, origin: string, { account }: AvatarPage, body: string | FormData) {
  const response = await fetch(`${origin}/api/profile/${account.id}/update/`, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${account.access}`,
      ...(typeof body === 'string' && { 'content-type': 'application/json' })
    },
    body
  })
  t.equal(response.status, 200)
}

t.test('a picture on its way', async (t) => {
  const pages = await openPages(t)
  const opened = await openAvatarPage(t, pages)
  const { page, avatar, pictures, uploads, stored, checkNothingHeld } = opened
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const square = `${pages.folder}/square.png`
  writeFileSync(square, await (await quarters(600)).png().toBuffer())
  await crop(opened, square)
  await button('Save picture').click()
  await saved(opened)

  await t.test('is cancelled on a slow line: the old one stays, and nothing else', async (t) => {
    const before = [avatar(), pictures()]
    const photo = `${pages.folder}/photo.jpg`
    writeFileSync(photo, await (await noise(1500, 1500)).jpeg().toBuffer())
    await crop(opened, photo)
    await slowUploads(page, 60_000)
    await button('Save picture').click()
    const progress = page.locator('.upload-progress progress')
    await eventually(
      'some of it is sent',
      async () => Number(await progress.getAttribute('value')) > 0,
      30_000
    )
    await eventually('the service receives it', () => uploads().length === 1)
    t.match(await page.locator('.upload-progress span').textContent(), /^\d+ % sent$/)
    await button('Cancel the upload').click()
    await page.getByText('The upload was cancelled.').waitFor()
    await eventually('the file on its way is removed', () => uploads().length === 0)
    t.strictSame([avatar(), pictures()], before)

    await t.test('and goes up at the next try, told as it goes', async (t) => {
      await slowUploads(page, -1)
      await button('Save picture').click()
      await saved(opened)
      t.not(avatar(), before[0])
      t.strictSame(pictures(), [avatar()])
      await checkNothingHeld(t)
    })
  })

  await t.test('waits, visibly, for the service to prepare it; a second press sends nothing', async (t) => {
    const sent: string[] = []
    page.on('request', (request) => {
      if (request.method() === 'PATCH') sent.push(request.url())
    })
    await crop(opened, square)
    // It takes the bytes, and says nothing.
    pages.service.child.kill('SIGSTOP')
    await button('Save picture').dblclick()
    await page.locator('.upload-progress', { hasText: 'All is sent. The service is preparing' }).waitFor()
    t.equal(
      await page.locator('.upload-progress progress').getAttribute('value'),
      null,
      'as long as it takes'
    )
    t.match(await page.locator('dialog .upload-status [role=status]').textContent(), /^All is sent\./)
    t.equal(await button('Save picture').getAttribute('aria-busy'), 'true')
    pages.service.child.kill('SIGCONT')
    await saved(opened)
    t.equal(sent.length, 1)
  })

  await t.test('is refused by a failing server: its crop is kept, and saved later', async (t) => {
    const before = avatar()
    await crop(opened, square)
    await page.getByRole('button', { name: 'Turn right by 90°' }).click()
    const failures = [
      [
        { status: 503, headers: { 'retry-after': '1' }, json: { error: 'x' } },
        'can’t take the picture right now'
      ],
      [{ status: 500, json: { error: 'x' } }, 'Something went wrong on the server.'],
      [{ status: 413, json: { avatar: ['Ensure the file is no larger than 1 KB.'] } }, 'no larger than 1 KB.']
    ] as const
    for (const [answer, sentence] of failures) {
      await page.route(UPDATE, (route) => route.fulfill(answer))
      await button('Save picture').click()
      await page.getByRole('alert').getByText(sentence).waitFor()
      await page.unroute(UPDATE)
    }
    await page.route(UPDATE, (route) => route.abort())
    await button('Save picture').click()
    await page.getByRole('alert').getByText('The service can’t be reached.').waitFor()
    await page.unroute(UPDATE)
    t.equal(avatar(), before)

    await button('Save picture').click()
    await saved(opened)
    t.strictSame(await quarterColours(stored()), ['blue', 'red', 'white', 'green'])
  })

  await t.test('takes its place though another field was changed elsewhere meanwhile', async (t) => {
    await crop(opened, square)
    await changeElsewhere(t, pages.service.origin, opened, JSON.stringify({ first_name: 'Augusta' }))
    await button('Save picture').click()
    await saved(opened)
    t.strictSame(await quarterColours(stored()), ['red', 'green', 'blue', 'white'])
    await page.getByRole('heading', { level: 1, name: 'Augusta Lovelace' }).waitFor()
  })

  await t.test('asks before it takes the place of one that came from elsewhere meanwhile', async (t) => {
    await crop(opened, PORTRAIT)
    const form = new FormData()
    const other = sharp({ create: { width: 50, height: 50, channels: 3, background: '#0f0' } })
    form.append('avatar', new Blob([new Uint8Array(await other.png().toBuffer())]), 'other.png')
    await changeElsewhere(t, pages.service.origin, opened, form)
    const theirs = avatar()
    await button('Save picture').click()
    await page.getByRole('alert').getByText('Your picture was changed meanwhile').waitFor()
    t.equal(avatar(), theirs, 'it was not overwritten')
    await button('Save picture').click()
    await saved(opened)
    t.not(avatar(), theirs)
    t.strictSame(pictures(), [avatar()])
  })

  await t.test('is removed, after a question', async (t) => {
    await button('Remove the picture').click()
    await button('Keep it').click()
    await page.locator('dialog').waitFor({ state: 'detached' })
    t.ok(avatar())
    await button('Remove the picture').click()
    await page.route(UPDATE, (route) => route.fulfill({ status: 503, json: { error: 'x' } }))
    await button('Remove').click()
    await page.getByRole('alert').getByText('can’t take the picture').waitFor()
    await page.unroute(UPDATE)
    await button('Remove').click()
    await page.getByText('Your picture is removed.').waitFor()
    t.equal(avatar(), null)
    t.strictSame(pictures(), [])
    await page.locator('svg.avatar-picture').waitFor()
    t.equal(await button('Remove the picture').count(), 0)
    await eventually('the focus is where one goes on', () =>
      page.evaluate<boolean>('document.activeElement.textContent === "Choose a picture"')
    )
    await checkNothingHeld(t)
  })
})
