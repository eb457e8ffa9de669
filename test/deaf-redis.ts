import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { Test } from 'tap'

/**
 * A server that says the same to whatever command of Redis's, or nothing at all; ended with the test.
 * @param says such as `-LOADING Redis is loading the dataset in memory`
 */
export async function startDeafRedis(t: Test, says = ''): Promise<{ port: number }> {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('error', () => {}).once('close', () => open.delete(socket))
    socket.setEncoding('utf8').on('data', (text: unknown) => {
      const commands = String(text).match(/^\*\d+\r$/gm) ?? []
      if (says !== '') socket.write(`${says}\r\n`.repeat(commands.length))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    const closed = once(server, 'close')
    server.close()
    for (const socket of open) socket.destroy()
    await closed
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { port: address.port }
}
