import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { exchange, rawRequest } from '../raw-exchange.ts'
import { listening } from '../raw-http.ts'

/**
 * Paths that lead out of a folder that is served (@fastify/static's GHSA-pr96, -x428, -83w8, -8pvw and -423g). The folder of
 * pictures is climbed out of in `test/plugins/pictures/media-hostile.test.ts`, in five thousand ways; here is all else that
 * has a name of a file in its path.
 */
const CANARY = 'CANARY-e3b0c442'
const STEPS = [
  '../',
  '..%2f',
  '%2e%2e/',
  '%2e%2e%2f',
  '..%5c',
  '..\\',
  '.%2e/',
  '..;/',
  '%252e%252e%252f',
  '..%00/',
  '....//',
  '%c0%ae%c0%ae/',
  '/',
  './',
  '//'
]
const TARGETS = [
  'package.json',
  'static/index.html',
  'index.html',
  'logo.svg',
  'canary.txt',
  '.env',
  'data/profile.db',
  'data/jwt-secret',
  'etc/passwd',
  'proc/self/environ',
  'media/.uploads/canary.txt'
]

t.test('nothing but what is meant is served, whatever the path', async (t) => {
  const { port, folder } = await listening(t, { LIBRAVATAR: 'on' })
  const canaries = [
    'canary.txt',
    '.env',
    'data/canary.txt',
    'data/jwt-secret',
    'media/canary.txt',
    'media/.uploads/canary.txt',
    'media/placeholders/A-1.svg',
    'docs/canary.txt'
  ]
  for (const name of canaries) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), CANARY)
  }
  const get = (path: string) => exchange(port, rawRequest('GET', path))
  const pages = [
    '/docs/',
    '/docs/page.js',
    '/docs/swagger-ui.css',
    '/docs/swagger-ui-bundle.js',
    '/docs/favicon-32x32.png'
  ]
  for (const path of pages) t.equal((await get(path)).status, 200, path)

  const bases = [
    '/docs/',
    '/docs/static/',
    '/media/placeholders/',
    '/avatar/',
    '/api/avatars/',
    '/openapi.json/',
    '/'
  ]
  const climbing = bases.flatMap((base) =>
    STEPS.flatMap((step) =>
      TARGETS.flatMap((target) => [1, 5].map((times) => base + step.repeat(times) + target))
    )
  )
  // By the folder that the page's files are in, and the ways to spell one of them.
  const beside = readdirSync(new URL('../../node_modules/@fastify/swagger-ui/static', import.meta.url))
    .map((name) => `/docs/${name}`)
    .filter((path) => !pages.includes(path))
  const spelled = [
    'swagger-ui.css%00',
    'swagger-ui.css%2f',
    './swagger-ui.css',
    '%2e/swagger-ui.css',
    'SWAGGER-UI.CSS',
    'swagger-ui.css/..',
    '.',
    '..',
    '%',
    '%ff',
    '*',
    'swagger-ui.css;x'
  ].map((name) => `/docs/${name}`)
  const wrong: string[] = []
  for (const path of [...beside, ...spelled, ...climbing]) {
    const { status, body } = await get(path)
    const isRefusal = (status === 404 || status === 400) && body.startsWith('{"detail":')
    const isDrawing = status === 302 && body === ''
    if (!isRefusal && !isDrawing) wrong.push(`${status} ${path} ${body.slice(0, 80)}`)
    if (body.includes(CANARY) || body.includes('root:')) wrong.push(`${path} is served`)
  }
  t.ok(climbing.length > 2000)
  t.strictSame(wrong, [])
})

t.test('there is one @fastify/static, for the pictures and the page', async (t) => {
  const lock = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'))
  const copies = Object.keys(lock.packages).filter((path) => path.endsWith('node_modules/@fastify/static'))
  t.strictSame(copies, ['node_modules/@fastify/static'])
})
