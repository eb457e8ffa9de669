import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { LoadRequest } from './load.ts'

/** Writes requests as the clients read them: the length of each on a line, then its bytes as they go out. */
export async function writeRequests(
  path: string,
  origin: string,
  requests: readonly LoadRequest[]
): Promise<void> {
  const { host } = new URL(origin)
  function* lines(): Iterable<Buffer> {
    for (const request of requests) {
      const bytes = encode(host, request)
      yield Buffer.concat([Buffer.from(`${bytes.length}\n`), bytes])
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(path))
}

function encode(host: string, { method, path, headers, body = '' }: LoadRequest): Buffer {
  const length = Buffer.byteLength(body)
  const all = { Host: host, ...headers, ...(length > 0 && { 'Content-Length': String(length) }) }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  const head = `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
  return Buffer.concat([Buffer.from(head), Buffer.from(body)])
}

/** Splits what `writeRequests` wrote into requests again, body and head apart. */
export function parseRequests(file: Buffer): { head: string; body: Buffer }[] {
  const requests: { head: string; body: Buffer }[] = []
  for (let at = 0; at < file.length; ) {
    const end = file.indexOf('\n', at)
    const length = Number(file.toString('latin1', at, end))
    const request = file.subarray(end + 1, end + 1 + length)
    const split = request.indexOf('\r\n\r\n')
    requests.push({ head: request.toString('latin1', 0, split), body: request.subarray(split + 4) })
    at = end + 1 + length
  }
  return requests
}

/** What the head of a request says. */
export function parseHead(head: string): { method: string; path: string; headers: Record<string, string> } {
  const [requestLine = '', ...lines] = head.split('\r\n')
  const [method = '', path = '/'] = requestLine.split(' ')
  return { method, path, headers: Object.fromEntries(lines.map((line) => line.split(': ', 2))) }
}
