import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'
import t from 'tap'
import { loggerFor } from '../../src/app.ts'
import { buildTestApp, eventually, type TestApp } from '../helper.ts'
import { bodyRoutes } from './body-routes.ts'

/**
 * Long texts of bad shapes through everything that takes one, while the event loop is watched: no answer keeps the others
 * waiting. A machine that is busy with other tests may be late once, not three times of the same.
 */
const MAX_MS = 250
const LONG = 100_000
/** Node takes no more than 16 KB of headers. */
const LONG_HEADER = 15_000

const fill = (part: string, length: number) => part.repeat(Math.ceil(length / part.length)).slice(0, length)

/** What expressions go back and forth over, with something at the end that doesn't fit. */
const SHAPES: [name: string, part: string, end: string][] = [
  ['a letter', 'a', '!'],
  ['white space', ' ', 'x'],
  ['tabs and ends of lines', '\t\n', 'x'],
  ['white space of Unicode', '\u2003\u00a0', 'x'],
  ['digits', '1', 'x'],
  ['points', '.', 'x'],
  ['labels', 'a.', '!'],
  ['labels with hyphens', 'a-', '.'],
  ['hyphens', '-', 'x'],
  ['at signs', '@', 'x'],
  ['addresses', 'a@b.co', '@'],
  ['quotes', '"', 'x'],
  ['entity tags', 'W/"a",', 'x'],
  ['entity tags without commas', '"" ', 'x'],
  ['escaped quotes', '\\"', 'x'],
  ['backslashes', '\\', 'x'],
  ['slashes', '/', 'x'],
  ['steps up', '../', 'x'],
  ['beginnings of tokens', 'eyJ', '.'],
  ['tokens', 'eyJa.b.', '!'],
  ['percents', '%', 'x'],
  ['encoded bytes', '%41', '%'],
  ['parameters', ';a=', '"'],
  ['commas', ',', 'x'],
  ['exponents', '1e', 'x'],
  ['brackets', '[{(', 'x'],
  ['underscores', '_', '!'],
  ['marks of two classes', '\u0301\u0323', 'x'],
  ['ligatures', '\ufb03', 'x'],
  ['Cyrillic look-alikes', '\u0430', '!'],
  ['emoji', '😀', 'x']
]

type Requests = (() => ReturnType<TestApp['call']>)[]

/** How long the event loop was kept at most while something was done, in milliseconds. */
async function delayOf(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  await eventually('the loop is watched', () => delay.count > 0)
  await work()
  const looks = delay.count
  await eventually('the loop was looked at', () => delay.count > looks)
  delay.disable()
  return delay.max / 1e6
}

/** The same of requests. Where it is too long, of each by itself: the least of three times, and then the most of them. */
async function longestDelay(requests: Requests, judge: (statusCode: number) => void): Promise<number> {
  const together = await delayOf(() => askAll(requests, judge))
  if (together < MAX_MS) return together
  let most = 0
  for (const request of requests) {
    let least = Number.POSITIVE_INFINITY
    for (let attempt = 0; attempt < 3 && least > MAX_MS; attempt++)
      least = Math.min(least, await delayOf(() => askAll([request], judge)))
    most = Math.max(most, least)
  }
  return most
}

/** Asks one after the other, each in turns of its own, so that what is late is one answer. */
async function askAll(requests: Requests, judge: (statusCode: number) => void) {
  for (const send of requests) {
    const { statusCode } = await send()
    judge(statusCode)
    await nextTurn()
  }
}

/** A text in each field of each route with a body. */
async function requestsWith(service: TestApp) {
  const { routes } = await bodyRoutes(service)
  return (text: string) =>
    routes.flatMap(({ method, url, token, fields, headers }) => {
      const names = Object.keys(fields)
      const all = ['username', 'email', 'first_name', 'last_name', 'number_phone', 'avatar', ...names]
      const filled = Object.fromEntries(all.map((name) => [name, text]))
      const urlencoded = new URLSearchParams({ [names[0] ?? '']: text }).toString()
      return [
        ...all.map((name) => () => service.call(method, url, { token, headers, json: { [name]: text } })),
        () => service.call(method, url, { token, headers, json: filled }),
        () => service.call(method, url, { token, headers, json: { [text]: text } }),
        () => service.call(method, url, { token, headers, urlencoded })
      ]
    })
}

t.test('no text of 100,000 characters keeps the event loop', async (t) => {
  const service = await buildTestApp(t)
  const requests = await requestsWith(service)
  for (const [name, part, end] of SHAPES) {
    const text = fill(part, LONG) + end
    const delay = await longestDelay(requests(text), (status) => {
      if (![200, 400, 401, 413].includes(status)) t.fail(`${name}: ${status}`)
    })
    t.ok(delay < MAX_MS, `${name}: ${delay.toFixed(0)} ms`)
  }
})

t.test('nor does a header, a path or a query', async (t) => {
  const log: string[] = []
  const stream = { write: (line: string) => void log.push(line) }
  const service = await buildTestApp(t, {
    logger: { ...loggerFor('info'), stream },
    env: { CORS_ORIGINS: 'https://a.example' }
  })
  const { id, access: token } = await service.signUp()
  const headers = [
    'authorization',
    'accept',
    'origin',
    'x-forwarded-for',
    'forwarded',
    'cookie',
    'if-match',
    'if-none-match',
    'range',
    'content-type',
    'content-encoding',
    'host'
  ]
  for (const [name, part, end] of SHAPES.filter(([, part]) => /^[ -~]*$/.test(part))) {
    const text = fill(part, LONG_HEADER) + end
    const path = encodeURI(text).slice(0, LONG_HEADER)
    const update = `/api/profile/${id}/update/`
    const form = `--x\r\nContent-Disposition: form-data; name="${text}"; filename="${text}"\r\nContent-Type: ${text}\r\n\r\nx\r\n--x--\r\n`
    const multipart = { 'content-type': 'multipart/form-data; boundary=x' }
    const requests = [
      ...headers.map(
        (header) => () => service.call('GET', '/api/profile/', { token, headers: { [header]: text } })
      ),
      ...headers.map(
        (header) => () =>
          service.call('PUT', update, {
            token,
            body: '{}',
            headers: { 'content-type': 'application/json', [header]: text }
          })
      ),
      ...headers.map(
        (header) => () => service.call('GET', '/media/avatars/none.jpg', { headers: { [header]: text } })
      ),
      () => service.call('GET', '/api/profile/', { headers: { authorization: `Bearer ${text}` } }),
      () => service.call('PUT', update, { token, body: form, headers: multipart }),
      () =>
        service.call('PUT', update, {
          token,
          body: '',
          headers: { 'content-type': `multipart/form-data; boundary=${text}` }
        }),
      ...[
        '/',
        '/api/profile/',
        '/api/avatars/',
        '/media/',
        '/media/avatars/',
        '/media/placeholders/',
        '/api/avatars/1/?size=',
        '/?'
      ].map((start) => () => service.call('GET', start + path))
    ]
    const delay = await longestDelay(requests, (status) => {
      if (status >= 500) t.fail(`${name}: ${status}`)
    })
    t.ok(delay < MAX_MS, `${name}: ${delay.toFixed(0)} ms`)
  }
  t.ok(
    log.some((line) => line.includes('<token>')),
    'paths were logged, without tokens'
  )
})

t.test('an expression that is slow would have been seen', async (t) => {
  const text = `${' '.repeat(25_000)}x`
  const delay = await delayOf(async () => /\s+$/.test(text))
  t.ok(delay > MAX_MS, `${delay.toFixed(0)} ms`)
})
