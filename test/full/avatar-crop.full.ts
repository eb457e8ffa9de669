import { writeFileSync } from 'node:fs'
import sharp from 'sharp'
import t, { type Test } from 'tap'
import { eventually } from '../helper.ts'
import { phonePhoto, quarters } from '../pictures.ts'
import { colourAt, openAvatarPage, quarterColours } from './in-browser/avatar-page.ts'
import { openPages, PHONE } from './in-browser/open-pages.ts'

/** A photo as a phone stores it, lying: upright it is 1200 × 1600, red over blue on the left, green over white on the right. */
async function writePhoto(folder: string): Promise<string> {
  const upright = (await quarters(1600)).resize(1200, 1600, { fit: 'fill' })
  const lying = sharp(
    await sharp(await upright.png().toBuffer())
      .rotate(270)
      .png()
      .toBuffer()
  )
  const path = `${folder}/photo.jpg`
  writeFileSync(path, await phonePhoto(lying, 6).toBuffer())
  return path
}

t.test('a photo is cropped by keys alone', async (t) => {
  const pages = await openPages(t)
  const photo = await writePhoto(pages.folder)
  const { page, avatar, pictures, uploads, stored, choose, checkNothingHeld } = await openAvatarPage(t, pages)
  const press = async (key: string, times = 1) => {
    for (let time = 0; time < times; time++) await page.keyboard.press(key)
  }
  /** Goes on by Tab to what has such a name. */
  const goTo = async (name: string) => {
    for (let steps = 0; steps < 30; steps++) {
      const focused = await page.evaluate<string>(
        `document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent`
      )
      if (focused === name) return
      await press('Tab')
    }
    t.fail(`Tab does not lead to ${name}`)
  }
  const crop = async () => {
    await choose(photo)
    await page.locator('.crop-stage.ready').waitFor()
    await goTo('The part of the picture that is kept')
  }
  const save = async (t: Test, side = 512) => {
    const before = avatar()
    await goTo('Save picture')
    await press('Enter')
    await page.getByText('Your new picture is saved.').waitFor()
    t.not(avatar(), before)
    t.strictSame(pictures(), [avatar()], 'no other file is left')
    t.strictSame(uploads(), [])
    t.equal(await page.locator('.avatar-picture').getAttribute('src'), `/media/avatars/${avatar()}`)
    const { width, height, exif, format } = await sharp(stored()).metadata()
    t.strictSame(
      { width, height, exif, format },
      { width: side, height: side, exif: undefined, format: 'jpeg' }
    )
    await checkNothingHeld(t)
  }

  await t.test('as it is, it is upright', async (t) => {
    await crop()
    await save(t)
    t.strictSame(await quarterColours(stored()), ['red', 'green', 'blue', 'white'])
  })

  await t.test('turned to the right', async (t) => {
    await crop()
    await goTo('Turn right by 90°')
    await press('Enter')
    await save(t)
    t.strictSame(await quarterColours(stored()), ['blue', 'red', 'white', 'green'])
  })

  await t.test('turned to the left and tilted back halfway', async (t) => {
    await crop()
    await goTo('Straighten')
    await press('End')
    await goTo('Turn left by 90°')
    await press('Space')
    await save(t)
    const middles = [
      [0.5, 0.2],
      [0.8, 0.5],
      [0.5, 0.8],
      [0.2, 0.5]
    ]
    const found = await Promise.all(middles.map(([x = 0, y = 0]) => colourAt(stored(), x, y)))
    t.strictSame(found, ['green', 'white', 'blue', 'red'])
  })

  await t.test('zoomed and moved into a corner', async (t) => {
    await crop()
    await press('+', 12)
    await press('Shift+ArrowLeft', 20)
    await press('Shift+ArrowUp', 20)
    // 1200 pixels, twelve steps of a tenth nearer.
    await save(t, 382)
    t.strictSame(await quarterColours(stored()), ['white', 'white', 'white', 'white'])
  })

  await t.test('moved a little: what lies in the middle is where it was moved to', async (t) => {
    await crop()
    await press('ArrowDown', 10)
    await save(t)
    // The edge between red and blue was at a half, and went down by a fifth of what is seen, or until nothing was left above.
    t.equal(await colourAt(stored(), 0.25, 0.62), 'red')
    t.equal(await colourAt(stored(), 0.25, 0.7), 'blue')
  })

  await t.test('reset brings all of it back', async (t) => {
    await crop()
    await press('+', 12)
    await press('Shift+ArrowLeft', 20)
    await goTo('Reset')
    await press('Enter')
    await save(t)
    t.strictSame(await quarterColours(stored()), ['red', 'green', 'blue', 'white'])
  })

  await t.test('Escape leaves everything as it was, and the focus where it came from', async (t) => {
    const before = avatar()
    await page.getByRole('button', { name: 'Choose a picture' }).focus()
    await crop()
    await press('Escape')
    await page.locator('dialog').waitFor({ state: 'detached' })
    await eventually('the focus is back', () =>
      page.evaluate<boolean>('document.activeElement.textContent === "Choose a picture"')
    )
    t.equal(avatar(), before)
    await checkNothingHeld(t)
  })
})

t.test('a photo is cropped by fingers on a phone', async (t) => {
  const pages = await openPages(t)
  const photo = await writePhoto(pages.folder)
  const { page, stored, choose, checkNothingHeld } = await openAvatarPage(t, pages, PHONE)
  await choose(photo)
  await page.locator('.crop-stage.ready').waitFor()
  const box = await page.locator('.crop-stage').boundingBox()
  if (!box) throw new Error('the picture is not shown')
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  const devTools = await page.context().newCDPSession(page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: { x: number; y: number }[]) =>
    devTools.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: points.map((point, id) => ({ ...point, id }))
    })
  const apart = (distance: number) => [-1, 1].map((side) => ({ x: middle.x + side * distance, y: middle.y }))

  await touch('touchStart', ...apart(30))
  for (let distance = 35; distance <= 120; distance += 5) await touch('touchMove', ...apart(distance))
  await touch('touchEnd')
  const zoom = Number.parseInt((await page.locator('.crop-slider output').first().textContent()) ?? '', 10)
  t.ok(zoom > 250, `two fingers apart zoom: ${zoom} %`)

  const side = () => page.locator('.crop-side > small').textContent()
  const place = () => page.locator('cropper-image').getAttribute('style')
  for (let drag = 0; drag < 4; drag++) {
    const before = await place()
    await touch('touchStart', middle)
    for (let way = 10; way <= 130; way += 10)
      await touch('touchMove', { x: middle.x - way, y: middle.y - way })
    await touch('touchEnd')
    if (drag < 2) t.not(await place(), before, 'one finger moves it')
  }
  await page
    .locator('.crop-side [role=status]', { hasText: (await side()) ?? '' })
    .waitFor({ state: 'attached' })
  // No tap: while what the finger threw may still fly, Chromium takes one for the hand that stops it.
  await page.getByRole('button', { name: 'Save picture' }).click()
  await page.getByText('Your new picture is saved.').waitFor()
  t.strictSame(await quarterColours(stored()), ['white', 'white', 'white', 'white'])
  await checkNothingHeld(t)
})
