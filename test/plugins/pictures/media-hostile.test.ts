import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import t from 'tap'
import { adoptPictures } from '../../adopted-pictures.ts'
import { jpeg } from '../../pictures.ts'
import { listening } from '../../raw-http.ts'

const CANARY = 'CANARY'
const POSIX = { skip: process.platform === 'win32' && 'Windows has no such links' }

/** Answers to paths as they are written: what makes URLs of them would resolve the dots. */
function openClient(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  const get = (path: string) =>
    new Promise<{ status: number; body: string }>((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path, agent }, async (response) => {
        const chunks: Buffer[] = []
        for await (const chunk of response) chunks.push(chunk)
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('latin1') })
      })
      sent.on('error', reject).end()
    })
  return { get, close: () => agent.destroy() }
}

const BASES = ['/media/', '/media/avatars/', '/media/users/']
const DOTS = ['..', '%2e%2e', '.%2E', '%252e%252e', '..%00', '.', '%c0%ae%c0%ae', '..;', '']
const SLASHES = ['/', '%2f', '%2F', '%5c', '\\', '%252F', '%25252F', '//', '/%00/', '%c0%af', '%ef%bc%8f']
const TARGETS = [
  'canary.jpg',
  'users/canary.jpg',
  '.uploads/canary.jpg',
  'avatars/.canary.jpg',
  '.env',
  'data/jwt-secret'
]

/** Each part of a path below `/media/` in every combination, one to three steps up. */
function* climbing(): Iterable<string> {
  for (const base of BASES)
    for (const dots of DOTS)
      for (const slash of SLASHES)
        for (const target of TARGETS)
          for (const steps of [1, 2, 3])
            yield base + (dots + slash).repeat(steps) + target.replaceAll('/', slash)
}

t.test('no way of writing a path leads to a file that is not in the store', POSIX, async (t) => {
  const { folder, port } = await listening(t, { LOG_LEVEL: 'silent' })
  const media = `${folder}/media`
  const avatars = `${media}/avatars`
  for (const sub of [`${media}/users`, `${avatars}/users`, `${avatars}/%2Fusers`, `${folder}/users`])
    mkdirSync(sub, { recursive: true })
  const canaries = [
    `${folder}/canary.jpg`,
    `${folder}/.env`,
    `${folder}/users/canary.jpg`,
    `${folder}/data/canary.jpg`,
    `${media}/canary.jpg`,
    `${media}/users/canary.jpg`,
    `${media}/.uploads/canary.jpg`,
    `${media}/.canary.jpg`,
    `${avatars}/.canary.jpg`,
    `${avatars}/.0123.tmp`,
    `${avatars}/users/canary.jpg`,
    `${avatars}/%2Fusers/canary.jpg`,
    `${avatars}/%2F.canary.jpg`,
    `${avatars}/%2Fusers%2F.canary.jpg`,
    `${avatars}/%2F..%2Fcanary.jpg`,
    `${avatars}/%2F`,
    `${avatars}/%2F%2Fcanary.jpg`,
    `${avatars}/back\\slash.jpg`,
    `${avatars}/line\nbreak.jpg`
  ]
  for (const path of canaries) writeFileSync(path, CANARY)
  symlinkSync('../canary.jpg', `${avatars}/link.jpg`)
  symlinkSync('../canary.jpg', `${avatars}/%2Fusers%2Flink.jpg`)
  symlinkSync('../users', `${avatars}/linked`)
  symlinkSync('../users', `${avatars}/%2Flinked`)
  await adoptPictures(folder, { 'users/a.jpg': await jpeg() })

  const { get, close } = openClient(port)
  t.teardown(close)
  t.match(await get('/media/users/a.jpg'), { status: 200, body: /^ÿØÿ/ })
  const direct = [
    ...TARGETS.flatMap((target) => BASES.map((base) => base + target)),
    '/media/link.jpg',
    '/media/avatars/link.jpg',
    '/media/users/link.jpg',
    '/media/linked',
    '/media/linked/canary.jpg',
    '/media/avatars/linked/canary.jpg',
    '/media/%2E%63anary.jpg',
    '/media/users/.canary.jpg',
    '/media/avatars/.0123.tmp',
    '/media/avatars/%2e0123.tmp',
    '/media/avatars/%252Fusers/canary.jpg',
    '/media/avatars/%252F.canary.jpg',
    '/media/avatars/%252Fusers%252F.canary.jpg',
    '/media/avatars/%252F..%252Fcanary.jpg',
    '/media/avatars/%252F',
    '/media/avatars/%252F%252Fcanary.jpg',
    '/media/avatars/back%5Cslash.jpg',
    '/media/avatars/back\\slash.jpg',
    '/media/avatars/line%0Abreak.jpg',
    '/media/%2Fcanary.jpg',
    '/media/%2F%2Fcanary.jpg',
    '/MEDIA/users/a.jpg',
    '/Media/canary.jpg',
    '//media/canary.jpg',
    '/media//canary.jpg',
    '/media/%',
    '/media/%zz',
    '/media/%e0%a4',
    '/media/%ff',
    '/media/%ed%a0%80.jpg',
    '/media/a%00.jpg',
    '/media/*',
    `/media/${'a/'.repeat(4000)}`,
    `/media/${'%25'.repeat(4000)}`,
    `http://127.0.0.1:${port}/media/../canary.jpg`,
    `http://127.0.0.1:${port}/media/canary.jpg`,
    'http://elsewhere/media/avatars/..%2fcanary.jpg'
  ]
  let tried = 0
  const wrong: string[] = []
  for (const path of [...direct, ...climbing()]) {
    const { status, body } = await get(path)
    tried++
    if (status !== 404 || body !== '{"detail":"Not found."}')
      wrong.push(`${status} ${path} ${body.slice(0, 99)}`)
  }
  t.strictSame(wrong, [])
  t.ok(tried > 5000)
  t.match(await get('/media/users/a.jpg'), { status: 200 })
})
