import sharp from 'sharp'
import t from 'tap'
import { buildTestApp, type FilePart } from '../helper.ts'
import { jpeg, MAKER, noise, phonePhoto, png, quarters } from '../pictures.ts'

const INVALID = 'Upload a valid image. The file you uploaded was either not an image or a corrupted image.'
const UNSUPPORTED = 'This kind of image is not supported. Upload a JPEG, PNG, WebP, GIF, AVIF or TIFF file.'
const avatar = (bytes: Buffer, over: Partial<FilePart> = {}): [string, FilePart] => [
  'avatar',
  { bytes, ...over }
]

t.test('an avatar and texts are stored together, and the picture is served', async (t) => {
  const { signUp, update, call, row, pictures, uploads } = await buildTestApp(t)
  const ada = await signUp()
  const response = await update(ada, { form: [avatar(await jpeg()), ['first_name', 'Ada']] })
  t.equal(response.statusCode, 200)
  t.match(response.json(), { first_name: 'Ada', avatar: /^\/media\/avatars\/[0-9a-f]{32}\.jpg$/ })
  const served = await call('GET', response.json().avatar)
  t.equal(served.statusCode, 200)
  t.equal(served.headers['content-type'], 'image/jpeg')
  t.equal((await sharp(served.rawPayload).metadata()).format, 'jpeg')
  t.strictSame(pictures(), [row(ada.id)?.avatar])
  t.strictSame(uploads(), [])
})

t.test('each format is stored in its family', async (t) => {
  const { signUp, update, call } = await buildTestApp(t)
  const ada = await signUp()
  const formats: [string, Buffer, RegExp, string][] = [
    ['JPEG', await jpeg(), /\.jpg$/, 'image/jpeg'],
    ['PNG', await png(), /\.png$/, 'image/png'],
    ['WebP', await (await quarters()).webp().toBuffer(), /\.webp$/, 'image/webp'],
    ['GIF', await (await quarters()).gif().toBuffer(), /\.webp$/, 'image/webp'],
    ['AVIF', await (await quarters()).avif().toBuffer(), /\.webp$/, 'image/webp'],
    ['TIFF', await (await quarters()).tiff().toBuffer(), /\.webp$/, 'image/webp']
  ]
  for (const [name, bytes, ending, type] of formats) {
    const response = await update(ada, { form: [avatar(bytes, { type: 'application/octet-stream' })] })
    t.match(response.json().avatar, ending, name)
    t.equal((await call('GET', response.json().avatar)).headers['content-type'], type, name)
  }
})

t.test('a picture is judged by its bytes; the client’s name and type are not used', async (t) => {
  const { signUp, update, pictures } = await buildTestApp(t)
  const ada = await signUp()
  for (const name of ['../../evil.html', 'a.svg', `${'n'.repeat(300)}.png`, 'ñandú 日本.png', 'x\0.png']) {
    const { statusCode, body } = await update(ada, {
      form: [avatar(await png(), { name, type: 'text/html' })]
    })
    t.equal(statusCode, 200, body)
    t.equal(pictures().length, 1)
    t.match(pictures()[0], /^[0-9a-f]{32}\.png$/)
  }
})

t.test('a photo of a phone is stored upright, without its metadata, inside 512×512', async (t) => {
  const { signUp, update, call } = await buildTestApp(t)
  const ada = await signUp()
  // Orientation 6: the camera was turned; the picture has to be turned by 90° clockwise to stand upright.
  const lying = sharp(await (await quarters(800)).rotate(270).png().toBuffer())
  const photo = await phonePhoto(lying, 6).toBuffer()
  t.ok(photo.includes(MAKER), 'the photo has metadata to lose')
  const { avatar: url } = (await update(ada, { form: [avatar(photo)] })).json()
  const stored = (await call('GET', url)).rawPayload
  const { width, height, exif, orientation, icc } = await sharp(stored).metadata()
  t.strictSame([width, height, exif, orientation, icc], [512, 512, undefined, undefined, undefined])
  for (const trace of [MAKER, 'Exif', 'GPS']) t.notOk(stored.includes(trace), trace)
  const pixels = await sharp(stored).raw().toBuffer()
  const at = (px: number, py: number) =>
    [...pixels.subarray((py * 512 + px) * 3, (py * 512 + px) * 3 + 3)].map((c) => Math.round(c / 255))
  t.strictSame(
    [at(50, 50), at(450, 50), at(50, 450), at(450, 450)],
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [1, 1, 1]
    ]
  )
})

t.test('AVATAR_MAX_SIDE sets the size; a small picture is never enlarged', async (t) => {
  const { signUp, update, call } = await buildTestApp(t, { env: { AVATAR_MAX_SIDE: '100' } })
  const ada = await signUp()
  const sizeOf = async (bytes: Buffer) => {
    const { avatar: url } = (await update(ada, { form: [avatar(bytes)] })).json()
    const { width, height } = await sharp((await call('GET', url)).rawPayload).metadata()
    return [width, height]
  }
  t.strictSame(await sizeOf(await (await noise(400, 200)).jpeg().toBuffer()), [100, 50])
  t.strictSame(await sizeOf(await png()), [64, 64])
})

t.test('a new avatar replaces the old one, whose file is gone', async (t) => {
  const { signUp, update, call, pictures } = await buildTestApp(t)
  const ada = await signUp()
  const first = (await update(ada, { form: [avatar(await jpeg())] })).json().avatar
  const second = (await update(ada, { form: [avatar(await png())] })).json().avatar
  t.equal((await call('GET', first)).statusCode, 404)
  t.equal((await call('GET', second)).statusCode, 200)
  t.equal(pictures().length, 1)
})

t.test('an update without an avatar keeps it; null, and an empty value in a form, remove it', async (t) => {
  const { signUp, update, call, row, pictures } = await buildTestApp(t)
  const ada = await signUp()
  const removals = [
    { json: { avatar: null } },
    { urlencoded: 'avatar=' },
    { form: [['avatar', '']] as [string, string][] },
    { form: [avatar(Buffer.alloc(0), { name: '', type: 'application/octet-stream' })] }
  ]
  for (const removal of removals) {
    const { avatar: url } = (await update(ada, { form: [avatar(await jpeg())] })).json()
    t.equal((await update(ada, { json: { first_name: 'Z' } })).json().avatar, url)
    t.equal((await update(ada, removal)).json().avatar, null)
    t.equal(row(ada.id)?.avatar, null)
    t.strictSame(pictures(), [])
    t.equal((await call('GET', url)).statusCode, 404)
  }
})

t.test('what is no whole picture is refused, and the old avatar and the texts stay', async (t) => {
  const { signUp, update, row, pictures, uploads } = await buildTestApp(t)
  const ada = await signUp()
  await update(ada, { form: [avatar(await jpeg())] })
  const [before, files] = [row(ada.id), pictures()]
  const whole = await (await noise(300, 300)).jpeg().toBuffer()
  const wholePng = await (await noise(300, 300)).png().toBuffer()
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
  const refused: [string, Buffer, string][] = [
    ['a text', Buffer.from('hello, I am a picture'), INVALID],
    ['half a JPEG', whole.subarray(0, whole.length / 2), INVALID],
    ['half a PNG', wholePng.subarray(0, wholePng.length / 2), INVALID],
    ['an SVG', Buffer.from(svg), INVALID],
    ['a PDF', Buffer.from('%PDF-1.4\n%%EOF\n'), INVALID],
    ['a BMP', Buffer.concat([Buffer.from('BM\x3a\0\0\0\0\0\0\0'), Buffer.alloc(48)]), UNSUPPORTED],
    ['a JPEG’s first bytes', Buffer.from('ffd8ffe000104a46494600010100', 'hex'), INVALID],
    ['an empty file', Buffer.alloc(0), 'The submitted file is empty.']
  ]
  for (const [name, bytes, sentence] of refused) {
    const response = await update(ada, { form: [['first_name', 'written?'], avatar(bytes)] })
    t.equal(response.statusCode, 400, name)
    t.strictSame(response.json(), { avatar: [sentence] }, name)
    t.strictSame(row(ada.id), before, name)
    t.strictSame(pictures(), files, name)
    t.strictSame(uploads(), [], name)
  }
})

t.test('a bad picture is reported beside bad texts and taken names', async (t) => {
  const { signUp, update } = await buildTestApp(t)
  const [ada, bob] = [await signUp(), await signUp()]
  const form: [string, string | FilePart][] = [
    ['email', 'x'],
    ['username', bob.username],
    avatar(Buffer.from('text'))
  ]
  t.strictSame((await update(ada, { form })).json(), {
    email: ['This field must be a valid email address.'],
    avatar: [INVALID],
    username: ['A user with that username already exists.']
  })
})

t.test('a good picture beside bad texts is not kept', async (t) => {
  const { signUp, update, pictures, uploads } = await buildTestApp(t)
  const [ada, bob] = [await signUp(), await signUp()]
  t.equal((await update(ada, { form: [['email', 'x'], avatar(await jpeg())] })).statusCode, 400)
  t.equal((await update(ada, { form: [['username', bob.username], avatar(await jpeg())] })).statusCode, 400)
  t.strictSame(pictures(), [])
  t.strictSame(uploads(), [])
})

t.test('a file over the limit gets 413 and the old avatar stays; at the limit it is taken', async (t) => {
  const limit = 40_000
  const { signUp, update, row, pictures, uploads } = await buildTestApp(t, {
    env: { AVATAR_MAX_BYTES: String(limit) }
  })
  const ada = await signUp()
  const small = await jpeg()
  const padded = (size: number) => Buffer.concat([small, Buffer.alloc(size - small.length)])
  t.equal((await update(ada, { form: [avatar(padded(limit))] })).statusCode, 200)
  const [before, files] = [row(ada.id), pictures()]
  for (const size of [limit + 1, 2 * limit, 4_000_000]) {
    const response = await update(ada, { form: [['first_name', 'written?'], avatar(padded(size))] })
    t.equal(response.statusCode, 413, `${size}`)
    t.strictSame(response.json(), { avatar: ['Ensure the file is no larger than 39.1 KB.'] })
    t.strictSame(row(ada.id), before)
    t.strictSame(pictures(), files)
    t.strictSame(uploads(), [])
  }
})

t.test('the limit is 10 MB unless it is set', async (t) => {
  const { signUp, update, row } = await buildTestApp(t)
  const ada = await signUp()
  const small = await jpeg()
  const over = Buffer.concat([small, Buffer.alloc(10_485_761 - small.length)])
  const response = await update(ada, { form: [avatar(over)] })
  t.equal(response.statusCode, 413)
  t.strictSame(response.json(), { avatar: ['Ensure the file is no larger than 10 MB.'] })
  t.equal(row(ada.id)?.avatar, null)
  t.equal((await update(ada, { form: [avatar(over.subarray(0, 10_485_760))] })).statusCode, 200)
})

t.test('a picture of too many pixels is refused from its header', async (t) => {
  const { signUp, update, pictures } = await buildTestApp(t, { env: { AVATAR_MAX_PIXELS: '10000' } })
  const ada = await signUp()
  const big = await sharp({ create: { width: 101, height: 100, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  const response = await update(ada, { form: [avatar(big)] })
  t.equal(response.statusCode, 400)
  t.strictSame(response.json(), { avatar: ['Ensure the image has no more than 10000 pixels.'] })
  t.strictSame(pictures(), [])
})

t.test('of two files in one form the last counts, and nothing of the first is left', async (t) => {
  const { signUp, update, pictures, uploads } = await buildTestApp(t)
  const ada = await signUp()
  const response = await update(ada, { form: [avatar(await jpeg()), avatar(await png())] })
  t.match(response.json().avatar, /\.png$/)
  t.equal(pictures().length, 1)
  t.strictSame(uploads(), [])
})

t.test('files in fields that take none are read past', async (t) => {
  const { signUp, update, pictures, uploads } = await buildTestApp(t)
  const ada = await signUp()
  const form: [string, string | FilePart][] = [
    ['attachment', { bytes: await jpeg() }],
    ['first_name', 'Ada']
  ]
  t.match((await update(ada, { form })).json(), { first_name: 'Ada', avatar: null })
  t.strictSame(pictures(), [])
  t.strictSame(uploads(), [])
})

t.test('of many avatars at once exactly one is left', async (t) => {
  const { signUp, update, row, pictures, uploads } = await buildTestApp(t)
  const ada = await signUp()
  const bytes = await jpeg()
  const answers = await Promise.all(Array.from({ length: 12 }, () => update(ada, { form: [avatar(bytes)] })))
  t.ok(answers.every(({ statusCode }) => statusCode === 200))
  t.strictSame(pictures(), [row(ada.id)?.avatar])
  t.strictSame(uploads(), [])
})
