import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

const IDLE_CHECK_MS = 50

/**
 * Lets a shutdown wait for requests and for nothing else. Node closes the connections that are idle at once; those
 * whose request is in flight are closed here as soon as it was answered, and those that never sent one right away.
 */
export function closeConnectionsOnShutdown(app: FastifyInstance): void {
  const unused = new Set<Socket>()
  let timer: NodeJS.Timeout | undefined
  app.server.on('connection', (socket: Socket) => {
    unused.add(socket)
    socket.once('close', () => unused.delete(socket))
  })
  app.server.on('request', ({ socket }) => unused.delete(socket))
  app.addHook('preClose', async () => {
    for (const socket of unused) socket.destroy()
    timer = setInterval(() => app.server.closeIdleConnections(), IDLE_CHECK_MS)
  })
  app.addHook('onClose', async () => clearInterval(timer))
}
