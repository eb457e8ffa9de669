import type { RequestListener } from 'node:http'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { fetchJson } from '../../../src/identity/fetch-json.ts'
import { startProvider } from '../../identity-provider.ts'

const LIMIT = 262_144
const PATIENCE_MS = 60_000

t.test('JSON is answered, up to a quarter of a megabyte', async (t) => {
  const { url, answer } = await startProvider(t)
  t.strictSame(await fetchJson(new URL(url), PATIENCE_MS), { keys: [] })
  const longest = `"${'x'.repeat(LIMIT - 2)}"`
  answer((_, response) => response.end(longest))
  t.equal(await fetchJson(new URL(url), PATIENCE_MS), longest.slice(1, -1))
})

t.test('whatever else it answers is none, and no other place is asked', async (t) => {
  const elsewhere = await startProvider(t)
  const answers: [name: string, listener: RequestListener, message: RegExp][] = [
    ['a fault', (_, response) => response.writeHead(500).end('{"keys":[]}'), /answered 500/],
    ['nothing', (_, response) => response.writeHead(204).end(), /answered 204/],
    ['a part', (_, response) => response.writeHead(206).end('{"keys":[]}'), /answered 206/],
    ...[301, 302, 303, 307, 308].map((status): [string, RequestListener, RegExp] => [
      `a redirect, ${status}`,
      (_, response) => response.writeHead(status, { location: elsewhere.url }).end('{"keys":[]}'),
      new RegExp(`answered ${status}`)
    ]),
    ['a page', (_, response) => response.end('<html>'), /JSON/],
    ['no bytes', (_, response) => response.end(), /JSON/],
    ['half of it', (_, response) => response.end('{"keys":['), /JSON/],
    ['too much', (_, response) => response.end('x'.repeat(LIMIT + 1)), /more than 262144 bytes/],
    ['without an end', (_, response) => void pour(response), /more than 262144 bytes/],
    [
      'too much once it is unpacked',
      (_, response) =>
        response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(50_000_000, ' '))),
      /more than 262144 bytes/
    ],
    [
      'an end that comes too early',
      (_, response) => response.writeHead(200, { 'content-length': 10 }).write('{'),
      /./
    ],
    ['a broken connection', (request) => request.socket.destroy(), /fetch failed/]
  ]
  for (const [name, listener, message] of answers) {
    const provider = await startProvider(t)
    provider.answer((request, response) => {
      listener(request, response)
      if (name.startsWith('an end')) response.socket?.end()
    })
    await t.rejects(fetchJson(new URL(provider.url), PATIENCE_MS), { message }, name)
    t.equal(provider.asked(), 1, name)
  }
  t.equal(elsewhere.asked(), 0)
})

function pour(response: Parameters<RequestListener>[1]): void {
  while (response.write(Buffer.alloc(16_384, ' '))) {}
  response.once('drain', () => pour(response))
}

t.test('one that does not answer in time, or not to the end, is not waited for', async (t) => {
  const silent = await startProvider(t)
  silent.answer(() => {})
  await t.rejects(fetchJson(new URL(silent.url), 20), { name: 'TimeoutError' })
  const slow = await startProvider(t)
  slow.answer((_, response) => void response.writeHead(200).write('{"keys":'))
  await t.rejects(fetchJson(new URL(slow.url), 20), { name: 'TimeoutError' })
})
