import t from 'tap'
import { type Account, buildTestApp, type TestApp } from '../helper.ts'
import { jpeg } from '../pictures.ts'

/**
 * Forms and bodies that are larger than they may be, by one: refused with 413, the old avatar and every text stay, and no file
 * is left. One less, and exactly as many, are taken.
 */
const MAX_FILE = 4096
const MAX_TEXT = 1_048_576
const MAX_FIELDS = 100
const MAX_FILES = 10

const TOO_LARGE = { detail: 'The request body is too large.' }
const FILE_TOO_LARGE = { avatar: ['Ensure the file is no larger than 4 KB.'] }

type Form = NonNullable<Parameters<TestApp['update']>[1]['form']>

/** A picture of exactly so many bytes: what is behind its end is no part of it. */
async function pictureOf(bytes: number): Promise<Form[number]> {
  const picture = await jpeg()
  return ['avatar', { bytes: Buffer.concat([picture, Buffer.alloc(bytes - picture.length)]) }]
}

const texts = (count: number): Form => Array.from({ length: count }, (_, index) => [`unknown${index}`, 'x'])
const others = (count: number): Form =>
  Array.from({ length: count }, (_, index) => [`file${index}`, { bytes: Buffer.from('x') }])

type Case = [name: string, call: Parameters<TestApp['update']>[1], refusal?: object]

async function cases(): Promise<Case[]> {
  const padding = (length: number): Form => [['padding', 'p'.repeat(length)]]
  const half = MAX_TEXT / 2
  const json = (length: number) => ({
    body: `${'{"first_name": "Ada", "p": "'.padEnd(length - 2, 'p')}"}`,
    headers: { 'content-type': 'application/json' }
  })
  const urlencoded = (length: number) => ({ urlencoded: 'first_name=Ada&p='.padEnd(length, 'p') })
  const named = (length: number): Form => [
    ['first_name', 'Ada'],
    ['n'.repeat(length), 'x']
  ]
  return [
    ['a file of a byte less', { form: [await pictureOf(MAX_FILE - 1)] }],
    ['a file of as many bytes', { form: [await pictureOf(MAX_FILE)] }],
    ['a file of a byte more', { form: [await pictureOf(MAX_FILE + 1)] }, FILE_TOO_LARGE],
    ['a file of many more', { form: [await pictureOf(8 * MAX_FILE)] }, FILE_TOO_LARGE],
    [
      'the second file a byte more',
      { form: [await pictureOf(MAX_FILE), await pictureOf(MAX_FILE + 1)] },
      FILE_TOO_LARGE
    ],
    [
      'the first file a byte more',
      { form: [await pictureOf(MAX_FILE + 1), await pictureOf(MAX_FILE)] },
      FILE_TOO_LARGE
    ],
    ['fields, one less', { form: texts(MAX_FIELDS - 1) }],
    ['as many fields', { form: texts(MAX_FIELDS) }],
    ['a field more', { form: texts(MAX_FIELDS + 1) }, TOO_LARGE],
    [
      'a field more behind a picture',
      { form: [await pictureOf(MAX_FILE), ...texts(MAX_FIELDS + 1)] },
      TOO_LARGE
    ],
    [
      'a picture behind a field more',
      { form: [...texts(MAX_FIELDS + 1), await pictureOf(MAX_FILE)] },
      TOO_LARGE
    ],
    ['one field again and again', { form: Array(MAX_FIELDS + 1).fill(['first_name', 'Ada']) }, TOO_LARGE],
    ['files, one less', { form: others(MAX_FILES - 1) }],
    ['as many files', { form: others(MAX_FILES) }],
    ['a file more', { form: others(MAX_FILES + 1) }, TOO_LARGE],
    ['as many avatars', { form: Array(MAX_FILES).fill(await pictureOf(MAX_FILE - 1)) }],
    ['an avatar more', { form: Array(MAX_FILES + 1).fill(await pictureOf(1024)) }, TOO_LARGE],
    ['as many parts', { form: [...texts(MAX_FIELDS), ...others(MAX_FILES)] }],
    ['parts without end', { form: [...texts(2000), ...others(2000)] }, TOO_LARGE],
    ['a text of a byte less', { form: padding(MAX_TEXT - 1) }],
    ['a text of as many bytes', { form: padding(MAX_TEXT) }],
    ['a text of a byte more', { form: padding(MAX_TEXT + 1) }, TOO_LARGE],
    ['texts of as many bytes', { form: [...padding(half), ...padding(half)] }],
    [
      'texts of a byte more',
      { form: [...padding(half), ['q', 'ä'.repeat(half / 2)], ['z', 'z']] },
      TOO_LARGE
    ],
    ['a name of a byte less than a header', { form: named(81_000) }],
    ['JSON of a byte less', json(MAX_TEXT - 1)],
    ['JSON of as many bytes', json(MAX_TEXT)],
    ['JSON of a byte more', json(MAX_TEXT + 1), TOO_LARGE],
    ['a form without parts of a byte less', urlencoded(MAX_TEXT - 1)],
    ['a form without parts of as many bytes', urlencoded(MAX_TEXT)],
    ['a form without parts of a byte more', urlencoded(MAX_TEXT + 1), TOO_LARGE]
  ]
}

async function withAvatar(t: Parameters<typeof buildTestApp>[0]): Promise<TestApp & { ada: Account }> {
  const service = await buildTestApp(t, { env: { AVATAR_MAX_BYTES: String(MAX_FILE) } })
  const ada = await service.signUp()
  const first = await service.update(ada, { form: [await pictureOf(2048)] })
  if (first.statusCode !== 200) throw new Error(first.body)
  return { ...service, ada }
}

t.test('as much as may be is taken, one more is refused and changes nothing', async (t) => {
  const { ada, update, row, pictures, uploads } = await withAvatar(t)
  for (const [name, call, refusal] of await cases()) {
    const [before, files] = [row(ada.id), pictures()]
    const { statusCode, body } = await update(ada, call)
    t.equal(statusCode, refusal ? 413 : 200, `${name}: ${body.slice(0, 200)}`)
    t.strictSame(uploads(), [], name)
    t.strictSame(pictures(), [row(ada.id)?.avatar], name)
    if (!refusal) continue
    t.strictSame(JSON.parse(body), refusal, name)
    t.strictSame([row(ada.id), pictures()], [before, files], name)
  }
})

t.test('a body that says that it is larger than all that may be is not read', async (t) => {
  const { ada, call, row, uploads } = await withAvatar(t)
  const before = row(ada.id)
  const whole = 2 * MAX_FILE + MAX_TEXT
  const sizes: [length: number, status: number][] = [
    [whole, 400],
    [whole + 1, 413]
  ]
  for (const [length, status] of sizes) {
    const { statusCode } = await call('PUT', `/api/profile/${ada.id}/update/`, {
      token: ada.access,
      body: Buffer.alloc(length, '-'),
      headers: { 'content-type': 'multipart/form-data; boundary=x' }
    })
    t.equal(statusCode, status, String(length))
  }
  t.strictSame(row(ada.id), before)
  t.strictSame(uploads(), [])
})
