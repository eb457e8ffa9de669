import sharp from 'sharp'
import t from 'tap'
import { eventually } from '../helper.ts'
import { openAvatarPage } from './in-browser/avatar-page.ts'
import { checkAccessibility, openPages, PHONE, screenshot } from './in-browser/open-pages.ts'

const CAMERAS = '--use-fake-device-for-media-stream=device-count=2'
const ALLOWED = '--use-fake-ui-for-media-stream'

t.test('a photo is taken by a camera', async (t) => {
  const pages = await openPages(t, {}, [CAMERAS, ALLOWED])
  const { page, avatar, pictures, stored, checkNothingHeld } = await openAvatarPage(t, pages)
  const live = () =>
    page.evaluate<string[]>(
      `streams.flatMap((one) => one.getTracks()).filter((one) => one.readyState === 'live').map((one) => one.label)`
    )
  const button = (name: string) => page.getByRole('button', { name, exact: true })

  await button('Take a photo').click()
  await page.locator('button:enabled', { hasText: /^Take$/ }).waitFor()
  t.equal((await live()).length, 1)
  await checkAccessibility(t, page, 'camera')
  await screenshot(page, 'avatar-camera', { fullPage: false })

  await t.test('another camera is chosen, and the first one stopped', async (t) => {
    const choice = page.getByLabel('Camera', { exact: true })
    const [first] = await live()
    await choice.selectOption({ index: 1 })
    await eventually('the other one starts', async () => (await page.evaluate('streams.length')) === 2)
    await page.locator('button:enabled', { hasText: /^Take$/ }).waitFor()
    const now = await live()
    t.equal(now.length, 1)
    t.not(now[0], first)
  })

  await t.test('it is taken once more', async (t) => {
    await button('Take').click()
    await page.getByAltText('The photo that was taken').waitFor()
    t.strictSame(await live(), [], 'the camera is off')
    await button('Take another').click()
    await page.locator('button:enabled', { hasText: /^Take$/ }).waitFor()
    t.equal((await live()).length, 1)
    await button('Take').click()
  })

  await t.test('it is cropped and saved', async (t) => {
    await button('Use this photo').click()
    await page.locator('.crop-stage.ready').waitFor()
    await button('Save picture').click()
    await page.getByText('Your new picture is saved.').waitFor()
    t.strictSame(pictures(), [avatar()])
    t.match(await sharp(stored()).metadata(), { width: 512, height: 512, format: 'jpeg' })
    const { channels } = await sharp(stored()).stats()
    const [, green] = channels
    t.ok(green && green.max - green.min > 50, 'it is what the camera showed, and not all of one colour')
    await checkNothingHeld(t)
  })

  await t.test('who leaves stops the camera', async (t) => {
    await button('Take a photo').click()
    await page.locator('button:enabled', { hasText: /^Take$/ }).waitFor()
    await page.keyboard.press('Escape')
    await page.locator('dialog').waitFor({ state: 'detached' })
    await eventually('it is off', async () => (await live()).length === 0)
    await checkNothingHeld(t)
  })
})

t.test('a phone offers its camera app too', async (t) => {
  const pages = await openPages(t, {}, [CAMERAS, ALLOWED])
  const { page } = await openAvatarPage(t, pages, PHONE)
  await page.getByRole('button', { name: 'Take a photo' }).tap()
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Use the camera app' }).tap()
  ])
  t.equal(await chooser.element().getAttribute('capture'), 'user')
})

t.test('a camera that can’t be used is explained', async (t) => {
  for (const [name, args, sentence] of [
    ['refused', [CAMERAS, `${ALLOWED}=deny`], 'The camera may not be used here.'],
    ['missing', [ALLOWED], 'No camera was found.']
  ] as const)
    await t.test(name, async (t) => {
      const pages = await openPages(t, {}, [...args])
      const { page } = await openAvatarPage(t, pages)
      await page.getByRole('button', { name: 'Take a photo' }).click()
      await page.getByRole('alert').getByText(sentence).waitFor()
      await page.getByRole('button', { name: 'Try again' }).click()
      await page.getByRole('alert').getByText(sentence).waitFor()
      await checkAccessibility(t, page, name)
      await page.getByRole('button', { name: 'Cancel' }).click()
      t.equal(await page.locator('dialog').count(), 0)
    })
})
