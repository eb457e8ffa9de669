import { readdirSync, readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { BrowserContextOptions, Page } from 'playwright-core'
import sharp from 'sharp'
import type { Test } from 'tap'
import { eventually, PASSWORD, unique } from '../../helper.ts'
import type { OpenedPages } from './open-pages.ts'

/** The account page of somebody who has just signed in, and what the service keeps of them. */
export interface AvatarPage {
  page: Page
  /** For calls beside the page. */
  account: { id: number; access: string }
  /** Of the row: the file's name, or null. */
  avatar(): string | null
  /** The stored files of all users. */
  pictures(): string[]
  /** What is left over in the folder of uploads on their way. */
  uploads(): string[]
  /** The stored picture's bytes. */
  stored(): Buffer
  /** Chooses a file as by the button. */
  choose(path: string): Promise<void>
  /** Holds that the browser keeps no chosen file and no camera any longer. */
  checkNothingHeld(t: Test): Promise<void>
}

/** Counts in the page what has to be given back: addresses of files, and what cameras send. */
const COUNT_WHAT_IS_HELD = `
  globalThis.heldUrls = new Set()
  globalThis.streams = []
  const { createObjectURL, revokeObjectURL } = URL
  URL.createObjectURL = (file) => {
    const url = createObjectURL.call(URL, file)
    heldUrls.add(url)
    return url
  }
  URL.revokeObjectURL = (url) => {
    heldUrls.delete(url)
    revokeObjectURL.call(URL, url)
  }
  const devices = navigator.mediaDevices
  const getUserMedia = devices.getUserMedia.bind(devices)
  devices.getUserMedia = async (wanted) => {
    const stream = await getUserMedia(wanted)
    streams.push(stream)
    return stream
  }
`

export async function openAvatarPage(
  t: Test,
  { open, service, folder }: OpenedPages,
  options: BrowserContextOptions = {}
): Promise<AvatarPage> {
  const username = unique('ada')
  const body = { username, email: `${username}@example.com`, password: PASSWORD, first_name: 'Ada' }
  const response = await fetch(`${service.origin}/api/sign-up/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, last_name: 'Lovelace' })
  })
  const { user, access } = (await response.json()) as { user: { id: number }; access: string }

  const page = await open(t, '/account/', options)
  await page.addInitScript(COUNT_WHAT_IS_HELD)
  await page.reload()
  await page.locator('input[name=username]').fill(username)
  await page.locator('input[name=password]').fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.locator('.avatar-picture').waitFor()

  const database = new Database(`${folder}/data/profile.db`, { readonly: true })
  t.teardown(() => database.close())
  const row = database.prepare('select avatar from users where id = ?').pluck()
  const avatar = () => row.get(user.id) as string | null
  return {
    page,
    account: { id: user.id, access },
    avatar,
    pictures: () => readdirSync(`${folder}/media/avatars`),
    uploads: () => readdirSync(`${folder}/media/.uploads`),
    stored: () => readFileSync(`${folder}/media/avatars/${avatar()}`),
    choose: (path) => page.locator('input[type=file]').first().setInputFiles(path),
    async checkNothingHeld(t) {
      const live =
        'streams.flatMap((one) => one.getTracks()).filter((one) => one.readyState === "live").length'
      // A dialogue that is gone gives back what it held after the next paint.
      await eventually('every address of a file is given back', () =>
        page.evaluate<boolean>('heldUrls.size === 0')
      )
      await eventually('every camera is stopped', () => page.evaluate<boolean>(`${live} === 0`))
      t.pass('nothing is held')
    }
  }
}

/** The name of the colour at a place of a picture, given as parts of its sides. */
export async function colourAt(bytes: Buffer, x: number, y: number): Promise<string> {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels
  const [red = 0, green = 0, blue = 0] = data.subarray(at)
  const name = [red, green, blue].map((part) => (part > 200 ? 1 : part < 60 ? 0 : '?')).join('')
  const names: Record<string, string> = { '100': 'red', '010': 'green', '001': 'blue', '111': 'white' }
  return names[name] ?? `${red}, ${green}, ${blue}`
}

/** The colours in the middles of the four quarters: top left, top right, bottom left, bottom right. */
export const quarterColours = (bytes: Buffer) =>
  Promise.all(
    [
      [0.25, 0.25],
      [0.75, 0.25],
      [0.25, 0.75],
      [0.75, 0.75]
    ].map(([x = 0, y = 0]) => colourAt(bytes, x, y))
  )
