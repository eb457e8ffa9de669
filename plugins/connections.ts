import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

const IDLE_CHECK_MS = 50
const LINGER_MS = 1000

const CLIENT_ERRORS: Record<string, [status: string, sentence: string]> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The request headers are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request took too long to arrive.']
}

interface Connection {
  /** Requests that are not answered yet. */
  open: number
  last?: IncomingMessage
  /** What came after them is no HTTP: it ends once they are answered. */
  broken: boolean
}

/**
 * Knows which connections wait for an answer, for the two moments at which Node doesn't ask: when it is sent
 * something that is no HTTP, and when the service stops.
 */
export function createConnections() {
  const connections = new Map<Socket, Connection>()

  function watch(app: FastifyInstance): void {
    app.server.on('connection', (socket: Socket) => {
      connections.set(socket, { open: 0, broken: false })
      socket.once('close', () => connections.delete(socket))
    })
    app.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const connection = connections.get(request.socket)
      if (!connection) return
      connection.open++
      connection.last = request
      response.once('close', () => {
        connection.open--
        if (connection.broken && connection.open === 0) request.socket.destroy()
      })
    })
    let timer: NodeJS.Timeout | undefined
    // A shutdown waits for requests that are not answered, and for no connection without one.
    app.addHook('preClose', async () => {
      const closeIdle = () => {
        for (const [socket, { open }] of connections) if (open === 0) socket.destroy()
      }
      closeIdle()
      timer = setInterval(closeIdle, IDLE_CHECK_MS)
    })
    app.addHook('onClose', async () => clearInterval(timer))
  }

  /**
   * Fastify's `clientErrorHandler`: answers what is no HTTP request in the interface's shape, but never into another
   * answer. Its bytes are not logged: they may hold a token.
   */
  function answerClientError(error: Error & { code?: string }, socket: Socket): void {
    const connection = connections.get(socket)
    if (connection && connection.open > 0) {
      connection.broken = true
      return
    }
    // The rest of a body whose request was answered already gets no answer of its own.
    if (error.code === 'ECONNRESET' || !socket.writable || connection?.last?.complete === false) {
      socket.destroy()
      return
    }
    const [status, detail] = CLIENT_ERRORS[error.code ?? ''] ?? [
      '400 Bad Request',
      'The request is malformed.'
    ]
    const body = JSON.stringify({ detail })
    const head = `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nConnection: close\r\n`
    socket.end(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
    setTimeout(() => socket.destroy(), LINGER_MS).unref()
  }

  return { watch, answerClientError }
}
