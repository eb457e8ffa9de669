import { once } from 'node:events'
import { connect } from 'node:net'

/** What a server wrote, to the letter; a body's bytes one character each. */
export interface RawAnswer {
  status: number
  head: string
  body: string
}

/** A request as it goes over the wire, on a connection that ends with it. */
export function rawRequest(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body: string | Buffer = ''
): Buffer {
  const bytes = Buffer.from(body)
  const named = { Host: 'localhost', Connection: 'close', 'Content-Length': String(bytes.length), ...headers }
  const lines = Object.entries(named).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1'), bytes])
}

/** Sends bytes on a connection of their own, and answers what came back when it ended. */
export async function exchange(port: number, request: Buffer): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  // Who is refused early may be cut off while it still sends; what was answered until then counts.
  socket.on('error', () => {})
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.write(request)
  await once(socket, 'close')
  const text = Buffer.concat(chunks).toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  const head = end < 0 ? text : text.slice(0, end)
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0),
    head,
    body: end < 0 ? '' : text.slice(end + 4)
  }
}
