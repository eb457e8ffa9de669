import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import t, { type Test } from 'tap'
import { eventually } from '../helper.ts'
import { noise, quarters } from '../pictures.ts'
import { type AvatarPage, openAvatarPage, quarterColours } from './in-browser/avatar-page.ts'
import { openPages } from './in-browser/open-pages.ts'

const PORTRAIT = fileURLToPath(new URL('../portrait.jpg', import.meta.url))
const COLOURS = ['red', 'green', 'blue', 'white']

/** Saves what is in the dialogue, and holds what became of it. */
async function save(t: Test, { page, avatar, pictures, uploads, checkNothingHeld }: AvatarPage) {
  const before = avatar()
  await page.locator('.crop-stage.ready').waitFor()
  await page.getByRole('button', { name: 'Save picture' }).click()
  await page.getByText('Your new picture is saved.').waitFor()
  t.not(avatar(), before)
  t.strictSame(pictures(), [avatar()])
  t.strictSame(uploads(), [])
  await eventually('the new picture is shown', () =>
    page.evaluate<boolean>(
      `document.querySelector('img.avatar-picture')?.src.endsWith('/${avatar()}') ?? false`
    )
  )
  await checkNothingHeld(t)
}

/** Drags files from outside over a place of the page, and lets them go there. */
async function dropAt(page: Page, selector: string, files: string[]): Promise<void> {
  const box = await page.locator(selector).boundingBox()
  if (!box) throw new Error(`there is no ${selector}`)
  const devTools = await page.context().newCDPSession(page)
  const place = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  const data = { items: [], files, dragOperationsMask: 1 }
  await devTools.send('Input.dispatchDragEvent', { type: 'dragEnter', ...place, data })
  await devTools.send('Input.dispatchDragEvent', { type: 'dragOver', ...place, data })
  await page.locator('.avatar.dragging').waitFor()
  // As long as they are held there, it is said again and again.
  await devTools.send('Input.dispatchDragEvent', { type: 'dragOver', ...place, data })
  await devTools.send('Input.dispatchDragEvent', { type: 'drop', ...place, data })
}

t.test('a picture that is chosen, dropped or pasted', async (t) => {
  const pages = await openPages(t)
  const opened = await openAvatarPage(t, pages)
  const { page, avatar, stored, choose } = opened
  const square = `${pages.folder}/square.png`
  writeFileSync(square, await (await quarters(600)).png().toBuffer())

  await t.test('is chosen', async (t) => {
    t.equal(
      await page.locator('svg.avatar-picture').getAttribute('aria-label'),
      'Your initials, in place of a picture'
    )
    await choose(PORTRAIT)
    await save(t, opened)
    t.equal(await page.locator('img.avatar-picture').getAttribute('alt'), 'Your picture')
    const expected = await sharp(PORTRAIT).resize(512, 512).raw().toBuffer()
    const found = await sharp(stored()).removeAlpha().raw().toBuffer()
    const apart =
      expected.reduce((sum, byte, at) => sum + Math.abs(byte - (found[at] ?? 0)), 0) / expected.length
    t.ok(apart < 4, `what is stored is the photo: ${apart} apart on average`)
  })

  await t.test('is dropped on its place, which says so', async (t) => {
    await dropAt(page, '.avatar-place', [square])
    await save(t, opened)
    t.strictSame(await quarterColours(stored()), COLOURS)
    t.equal((await sharp(stored()).metadata()).format, 'png', 'without loss, as it came')
  })

  await t.test('is not left the page for when it is dropped beside', async (t) => {
    const before = page.url()
    await dropAt(page, 'h1', [square])
    await page.locator('.avatar:not(.dragging)').waitFor()
    t.equal(page.url(), before)
    t.equal(await page.locator('dialog').count(), 0)
  })

  await t.test('is pasted, but not where text is written', async (t) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    const bytes = readFileSync(square).toString('base64')
    await page.evaluate(`(async () => {
      const bytes = Uint8Array.from(atob('${bytes}'), (letter) => letter.charCodeAt(0))
      const item = new ClipboardItem({ 'image/png': new Blob([bytes], { type: 'image/png' }) })
      await navigator.clipboard.write([item])
    })()`)
    await page.locator('input[name=first_name]').focus()
    await page.keyboard.press('Control+V')
    await page.getByRole('button', { name: 'Choose a picture' }).focus()
    t.equal(await page.locator('dialog').count(), 0)
    await page.keyboard.press('Control+V')
    await save(t, opened)
    t.strictSame(await quarterColours(stored()), COLOURS)
  })

  await t.test('shows through where it did before', async (t) => {
    const path = `${pages.folder}/through.png`
    const background = { r: 255, g: 0, b: 0, alpha: 0.5 }
    const through = sharp({ create: { width: 300, height: 300, channels: 4, background } })
    writeFileSync(path, await through.png().toBuffer())
    await choose(path)
    await save(t, opened)
    const { channels } = await sharp(stored()).stats()
    t.match(channels[3], { min: 128, max: 128 })
  })

  await t.test('is sent whole: an animation goes on moving', async (t) => {
    const path = `${pages.folder}/moving.gif`
    const frame = (background: string) =>
      sharp({ create: { width: 64, height: 32, channels: 3, background } })
        .png()
        .toBuffer()
    const frames = await Promise.all(['#f00', '#0f0', '#00f'].map(frame))
    writeFileSync(
      path,
      await sharp(frames, { join: { animated: true } })
        .gif()
        .toBuffer()
    )
    await choose(path)
    await page.getByText('the whole picture keeps moving').waitFor()
    await page.getByRole('button', { name: 'Use the whole picture' }).click()
    await page.getByText('Your new picture is saved.').waitFor()
    t.match(await sharp(stored()).metadata(), { pages: 3, width: 64, height: 32, format: 'webp' })
    await opened.checkNothingHeld(t)
  })

  await t.test('that the browser can’t show is judged by the service', async (t) => {
    const before = avatar()
    const path = `${pages.folder}/photo.heic`
    const kind = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic')
    writeFileSync(path, Buffer.concat([kind, Buffer.alloc(2000)]))
    await choose(path)
    await page.getByText('This browser can’t show “photo.heic”').waitFor()
    await page.getByRole('button', { name: 'Send it as it is' }).click()
    await page.getByRole('alert').getByText('This kind of image is not supported.').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    t.equal(avatar(), before)
    t.strictSame(opened.uploads(), [])
    await opened.checkNothingHeld(t)
  })

  await t.test('is not taken where it is none', async (t) => {
    const path = `${pages.folder}/report.pdf`
    writeFileSync(path, '%PDF-1.7')
    await choose(path)
    await page.getByRole('alert').getByText('“report.pdf” is not a picture.').waitFor()
    t.equal(await page.locator('dialog').count(), 0)
  })
})

t.test('a file that is too large', async (t) => {
  const pages = await openPages(t, { AVATAR_MAX_BYTES: '20000' })
  const opened = await openAvatarPage(t, pages)
  const { page, choose, stored } = opened
  const sent: string[] = []
  page.on('request', (request) => {
    if (request.method() === 'PATCH') sent.push(request.url())
  })
  const photo = `${pages.folder}/photo.jpg`
  writeFileSync(photo, await (await noise(800, 600)).jpeg().toBuffer())
  await choose(photo)
  await page.getByText('The whole file can’t be sent: it has').waitFor()
  t.equal(await page.getByRole('button', { name: 'Use the whole picture' }).count(), 0)
  t.strictSame(sent, [], 'nothing was sent to find that out')
  await save(t, opened)
  t.equal(sent.length, 1)
  const { width, height } = await sharp(stored()).metadata()
  t.equal(width, height)

  const path = `${pages.folder}/large.heic`
  writeFileSync(path, Buffer.alloc(30_000))
  await choose(path)
  await page.getByText('it is too large to be sent').waitFor()
  t.equal(await page.getByRole('button', { name: 'Send it as it is' }).count(), 0)
})

t.test('a huge photo is scaled before it is worked with', async (t) => {
  const pages = await openPages(t, { AVATAR_MAX_BYTES: '104857600' })
  const opened = await openAvatarPage(t, pages)
  const path = `${pages.folder}/huge.jpg`
  const huge = (await quarters(500)).resize(8660, 5773, { fit: 'fill', kernel: 'nearest' })
  writeFileSync(path, await huge.jpeg({ quality: 60 }).toBuffer())
  await opened.choose(path)
  await opened.page.locator('.crop-stage.ready').waitFor()
  // Of 50 megapixels 16 are worked with.
  await opened.page.getByText('3265 × 3265 pixels are kept.').first().waitFor()
  await save(t, opened)
  t.strictSame(await quarterColours(opened.stored()), COLOURS)
})
