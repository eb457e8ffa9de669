import { writeFileSync } from 'node:fs'
import sharp from 'sharp'
import t, { type Test } from 'tap'
import type { MediaStore } from '../../../src/avatars/media-store.ts'
import { errors } from '../../../src/errors.ts'
import { type Account, buildTestApp, type TestApp } from '../../helper.ts'
import { besidePixels } from '../../made-pictures/beside-pixels.ts'
import { animationFrames } from '../../made-pictures/corpus.ts'
import { glassScene, scene, toAnimation, toSharp } from '../../made-pictures/scene.ts'
import { buildOverStores } from '../../own-stores.ts'
import { jpeg } from '../../pictures.ts'

const SIDES = [32, 64, 128, 256]
const NOT_FOUND = { detail: 'Not found.' }

/** Uploads a picture and answers its URL, and what its URL has in front of the ending. */
async function upload({ update }: TestApp, account: Account, bytes: Buffer) {
  const response = await update(account, { form: [['avatar', { bytes }]] })
  if (response.statusCode !== 200) throw new Error(response.body)
  const url: string = response.json().avatar
  return { url, stem: url.slice(0, url.lastIndexOf('.')), key: url.slice(url.lastIndexOf('/') + 1) }
}

const fileName = (stem: string, side: number) => `${stem.slice(stem.lastIndexOf('/') + 1)}@${side}.webp`

/** The service over a store of pictures that the test has a hand in. */
const withMediaStore = (t: Test, wrap: (media: MediaStore) => MediaStore): Promise<TestApp> =>
  buildOverStores(t, ({ media }) => ({ media: wrap(media) }))

/** The service, and how many squares it has stored so far. */
async function countingSquares(t: Test) {
  let made = 0
  const service = await withMediaStore(t, (media) => ({
    ...media,
    putVariant: (name, bytes) => {
      made++
      return media.putVariant(name, bytes)
    }
  }))
  return { service, made: () => made }
}

t.test('a square is made when it is first asked for, and lies beside its picture', async (t) => {
  const service = await buildTestApp(t)
  const pictures = {
    JPEG: await toSharp(scene(400, 300)).jpeg().toBuffer(),
    PNG: await toSharp(glassScene(300, 400)).png().toBuffer(),
    GIF: await (await toAnimation(animationFrames(300, 300))).gif().toBuffer()
  }
  for (const [name, bytes] of Object.entries(pictures)) {
    const ada = await service.signUp()
    const { stem, key } = await upload(service, ada, bytes)
    for (const side of SIDES) {
      const file = fileName(stem, side)
      t.notOk(service.pictures().includes(file), `${name}: not before`)
      const response = await service.call('GET', `${stem}@${side}.webp`)
      t.equal(response.statusCode, 200, name)
      t.match(response.headers, {
        'content-type': 'image/webp',
        'cache-control': 'public, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox"
      })
      t.match(await sharp(response.rawPayload).metadata(), { width: side, height: side, pages: undefined })
      t.strictSame(await besidePixels(response.rawPayload), [])
      t.ok(service.pictures().includes(file), name)
    }
    t.ok(service.pictures().includes(key))
    t.strictSame(service.uploads(), [])
  }
})

t.test('the second time it is served from its file', async (t) => {
  const { service, made } = await countingSquares(t)
  const { stem } = await upload(service, await service.signUp(), await jpeg())
  const first = await service.call('GET', `${stem}@64.webp`)
  const second = await service.call('GET', `${stem}@64.webp`)
  t.equal(made(), 1)
  t.ok(second.rawPayload.equals(first.rawPayload))
  const etag = String(first.headers.etag)
  t.equal(
    (await service.call('GET', `${stem}@64.webp`, { headers: { 'if-none-match': etag } })).statusCode,
    304
  )
  t.equal((await service.call('HEAD', `${stem}@64.webp`)).statusCode, 200)
})

t.test('asked for by HEAD, it is made too', async (t) => {
  const service = await buildTestApp(t)
  const { stem } = await upload(service, await service.signUp(), await jpeg())
  const response = await service.call('HEAD', `${stem}@32.webp`)
  t.match(response, { statusCode: 200, body: '', headers: { 'content-type': 'image/webp' } })
  t.ok(service.pictures().includes(fileName(stem, 32)))
})

t.test('twenty who ask for it at once get it, made once', async (t) => {
  const { service, made } = await countingSquares(t)
  const { stem } = await upload(service, await service.signUp(), await jpeg())
  const answers = await Promise.all(Array.from({ length: 20 }, () => service.call('GET', `${stem}@128.webp`)))
  t.ok(answers.every(({ statusCode }) => statusCode === 200))
  t.equal(new Set(answers.map(({ rawPayload }) => rawPayload.toString('base64'))).size, 1)
  t.equal(made(), 1)
})

t.test('other sides, endings, names and keys have no squares, and no file', async (t) => {
  const service = await buildTestApp(t)
  const { stem, key } = await upload(service, await service.signUp(), await jpeg())
  const unknown = '/media/avatars/0123456789abcdef0123456789abcdef'
  const [folder, name] = ['/media/avatars/', key.slice(0, 32)]
  const others = [
    ...[0, 1, 31, 33, 63, 65, 100, 512, 1024, 99_999].map((side) => `${stem}@${side}.webp`),
    ...['064', '+64', '-64', '64.0', '６４', '', ' 64', '64 ', '0x40'].map((side) => `${stem}@${side}.webp`),
    ...['jpg', 'png', 'gif', 'avif', 'WEBP', 'webp.webp', 'webp\0', 'webp.jpg', ''].map(
      (ending) => `${stem}@64.${ending}`
    ),
    ...SIDES.map((side) => `${unknown}@${side}.webp`),
    `${folder}${name.slice(0, 31)}A@64.webp`,
    `${folder}${name}@64.webp`.toUpperCase(),
    `${folder}${name.slice(1)}@64.webp`,
    `${folder}${name}0@64.webp`,
    `${folder}${name}.jpg@64.webp`,
    `${folder}${name}@64@64.webp`,
    `${folder}@64.webp`,
    `${folder}../avatars/./${name}@64.webp/x`,
    `${folder}.${name}@64.webp`
  ]
  for (const url of others) {
    const response = await service.call('GET', encodeURI(url))
    t.equal(response.statusCode, 404, url)
    t.strictSame(response.json(), NOT_FOUND, url)
  }
  t.strictSame(service.pictures(), [key])
})

t.test('squares go with their picture: replaced, removed, or with the account', async (t) => {
  const service = await buildTestApp(t)
  const ada = await service.signUp()
  const askForAll = async (stem: string) => {
    const answers = await Promise.all(SIDES.map((side) => service.call('GET', `${stem}@${side}.webp`)))
    return answers.map(({ statusCode }) => statusCode)
  }
  const remove = (over: Parameters<TestApp['update']>[1]) => service.update(ada, over)
  const ways: [name: string, end: () => Promise<unknown>, left: number][] = [
    ['replaced', () => remove({ form: [['avatar', { bytes: replacement }]] }), 1],
    ['removed', () => remove({ json: { avatar: null } }), 0],
    ['removed by a form', () => remove({ form: [['avatar', '']] }), 0],
    [
      'with its account',
      () => service.call('DELETE', `/api/profile/${ada.id}/delete/`, { token: ada.access }),
      0
    ]
  ]
  const replacement = await toSharp(scene()).png().toBuffer()
  for (const [name, end, left] of ways) {
    const { stem } = await upload(service, ada, await jpeg())
    t.strictSame(await askForAll(stem), [200, 200, 200, 200], name)
    t.equal(service.pictures().length, 5, name)
    await end()
    t.equal(service.pictures().length, left, name)
    t.strictSame(await askForAll(stem), [404, 404, 404, 404], name)
    t.equal(service.pictures().length, left, name)
  }
})

/** Where, while a square is being made, its picture is taken away. */
const moments: [
  when: string,
  (media: MediaStore, takeAway: () => Promise<unknown>) => Partial<MediaStore>
][] = [
  [
    'before it is read',
    (media, takeAway) => ({
      async read(key) {
        if (key.endsWith('.jpg')) await takeAway()
        return media.read(key)
      }
    })
  ],
  [
    'before its square is stored',
    (media, takeAway) => ({
      async putVariant(name, bytes) {
        await takeAway()
        await media.putVariant(name, bytes)
      }
    })
  ],
  [
    'when its square is stored',
    (media, takeAway) => ({
      async putVariant(name, bytes) {
        await media.putVariant(name, bytes)
        await takeAway()
      }
    })
  ],
  [
    'when its square has been seen to be wanted',
    (media, takeAway) => ({
      async has(key) {
        const found = await media.has(key)
        await takeAway()
        return found
      }
    })
  ]
]

t.test('a picture that is deleted while its square is made leaves none', async (t) => {
  for (const [when, interfere] of moments) {
    let takeAway = async () => {}
    const service = await withMediaStore(t, (media) => ({ ...media, ...interfere(media, () => takeAway()) }))
    const ada = await service.signUp()
    const { stem } = await upload(service, ada, await jpeg())
    let taken = 0
    takeAway = async () => {
      taken++
      await service.update(ada, { json: { avatar: null } })
    }
    const response = await service.call('GET', `${stem}@64.webp`)
    t.equal(taken, 1, when)
    t.equal(response.statusCode, 404, when)
    t.strictSame(response.json(), NOT_FOUND, when)
    t.strictSame(service.pictures(), [], when)
  }
})

t.test(
  'where a square can’t be stored, the picture is shown for it, and no half of it is left',
  async (t) => {
    for (const failure of [errors.storageFull(), errors.unavailable()]) {
      let fail = true
      const service = await withMediaStore(t, (media) => ({
        ...media,
        putVariant: async (name, bytes) => {
          if (fail) throw failure
          await media.putVariant(name, bytes)
        }
      }))
      const { stem, key } = await upload(service, await service.signUp(), await jpeg())
      const instead = await service.call('GET', `${stem}@64.webp`)
      t.equal(instead.statusCode, 302)
      t.match(instead.headers, { location: `/media/avatars/${key}`, 'cache-control': 'no-store' })
      t.strictSame(service.pictures(), [key])
      fail = false
      t.equal((await service.call('GET', `${stem}@64.webp`)).statusCode, 200, 'the next one is served')
    }
  }
)

t.test('a corrupt picture in the folder has no square, and leaves no file', async (t) => {
  const service = await buildTestApp(t)
  await service.app.ready()
  const whole = await jpeg()
  const stems = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(32))
  const contents = [
    Buffer.alloc(0),
    Buffer.from('<html>no picture</html>'),
    whole.subarray(0, whole.length / 2),
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"/>'),
    Buffer.concat([whole.subarray(0, 20), Buffer.alloc(5000)])
  ]
  for (const [index, stem] of stems.entries())
    writeFileSync(`${service.folder}/media/avatars/${stem}.jpg`, contents[index] ?? '')
  const before = service.pictures()
  for (const stem of stems) {
    const response = await service.call('GET', `/media/avatars/${stem}@64.webp`)
    t.equal(response.statusCode, 404)
    t.strictSame(response.json(), NOT_FOUND)
  }
  t.strictSame(service.pictures(), before)
})
