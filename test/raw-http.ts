import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Test } from 'tap'
import { type Account, buildTestApp, encodeForm } from './helper.ts'
import { noise } from './pictures.ts'

/** Node's limits on how long a request may take to arrive, and how often it looks, in milliseconds. */
interface ServerTimes {
  headersTimeout?: number
  requestTimeout?: number
  connectionsCheckingInterval?: number
}

/** The service on a free port, with what shows whether connections are still open. */
export async function listening(t: Test, env: Record<string, string> = {}, times: ServerTimes = {}) {
  const service = await buildTestApp(t, { env })
  Object.assign(service.app.server, times)
  await service.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = service.app.server.address() as AddressInfo
  const connections = () =>
    new Promise<number>((resolve) => service.app.server.getConnections((_, count) => resolve(count ?? 0)))
  return { ...service, port, connections }
}

/** The head of an update as it goes over the wire. */
export function head(account: Account, type: string, length: number | 'chunked', extra = ''): string {
  const size = length === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`
  return (
    `PUT /api/profile/${account.id}/update/ HTTP/1.1\r\nHost: localhost\r\n` +
    `Authorization: Bearer ${account.access}\r\nContent-Type: ${type}\r\n${size}\r\n${extra}\r\n`
  )
}

export const open = (port: number) =>
  new Promise<Socket>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket))
    socket.once('error', reject)
  })

/** What came back, once it holds a whole JSON answer or the connection ended. */
export function answerOf(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
      if (/\r\n\r\n\{.*\}$/s.test(text)) resolve(text)
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(text))
  })
}

/** A form with a picture, and places to stop sending it at: how many bytes come before each. */
export async function uploadToCut() {
  const { body, type } = await encodeForm([
    ['avatar', { bytes: await (await noise(300, 300)).jpeg().toBuffer() }],
    ['first_name', 'written?']
  ])
  const fileStart = body.indexOf('\r\n\r\n', body.indexOf('filename=')) + 4
  const cuts = {
    'before the file': 10,
    'in the file': fileStart + 50_000,
    'after the file': body.length - 20
  }
  return { body, type, cuts }
}

/** A chunk of a chunked body. */
export const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`

/** Sends for as long as it may, up to a bound, and answers how much that was. */
export async function flood(socket: Socket, ended: Promise<unknown>): Promise<number> {
  const part = chunk('x'.repeat(65_536))
  let sent = 0
  while (!socket.destroyed && sent < 200_000_000) {
    sent += part.length
    if (!socket.write(part))
      await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), ended])
  }
  return sent
}
