import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { errors, type ServiceError } from '../../src/errors.ts'
import { closeInQuiet } from './close-in-quiet.ts'

const IDLE_CHECK_MS = 50
/** Who has just connected, or been answered, may be sending a request. */
const FRESH_MS = 500
const SLOW_CHECK_MS = 1000
const LINGER_MS = 1000
const ITS_HEADERS = 'X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n'

/** What Node says of a connection, in the interface's words. */
function translateClientError(code = ''): ServiceError {
  if (code === 'HPE_HEADER_OVERFLOW') return errors.refused(431, 'The request headers are too large.')
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return errors.requestTimeout()
  return errors.refused(400, 'The request is malformed.')
}

interface Connection {
  /** Requests that are not answered yet. */
  open: number
  last?: IncomingMessage
  /** Of it, or of one before: its hooks run before anybody else hears of a request. */
  reply?: FastifyReply
  /** When the headers of its request had come, by the monotonic clock; or since when there is none. */
  since: number
  /** What came after them is no HTTP, or came too late: it ends once they are answered. */
  broken: boolean
}

export interface ConnectionOptions {
  /**
   * How long a body may take to arrive, in milliseconds. Node has one limit for all requests, which lets the largest upload
   * through; of forms with files, whoever reads them says how long.
   */
  bodyTimeoutMs: number
  /** How long after its headers a request may go without an answer, in milliseconds. */
  answerTimeoutMs: number
}

/**
 * Knows which connections wait for an answer, for the moments at which Node doesn't ask: when what arrives is no HTTP or
 * takes too long, and when the service stops.
 */
export function createConnections({ bodyTimeoutMs, answerTimeoutMs }: ConnectionOptions) {
  const connections = new Map<Socket, Connection>()
  /** Requests that wait for the service to stop listening. */
  let held: (() => void)[] | undefined

  function watch(app: FastifyInstance): void {
    app.server.on('connection', (socket: Socket) => {
      connections.set(socket, { open: 0, since: performance.now(), broken: false })
      socket.once('close', () => connections.delete(socket))
    })
    app.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const connection = connections.get(request.socket)
      if (!connection) return
      connection.open++
      connection.last = request
      connection.since = performance.now()
      response.once('close', () => {
        connection.open--
        if (connection.open > 0) return
        connection.since = performance.now()
        if (connection.broken) request.socket.destroy()
      })
    })
    app.addHook('onRequest', (request, reply, done) => {
      const connection = connections.get(request.raw.socket)
      if (connection) connection.reply = reply
      if (held) held.push(done)
      else done()
    })
    const slow = setInterval(refuseSlow, SLOW_CHECK_MS).unref()
    let timer: NodeJS.Timeout | undefined
    // A shutdown waits for requests that are not answered, and for no connection without one.
    app.addHook('preClose', async () => {
      timer = setInterval(closeIdle, IDLE_CHECK_MS)
      // Node would end those that are about to be used.
      app.server.closeIdleConnections = () => {}
      if (app.server.listening) {
        // Clients that wait for an answer don't connect, and turns without work are short.
        held = []
        await closeInQuiet(app.server)
        for (const goOn of held) goOn()
        held = undefined
      }
      closeIdle()
    })
    app.addHook('onClose', async () => {
      clearInterval(timer)
      clearInterval(slow)
    })
  }

  function closeIdle(): void {
    const fresh = performance.now() - FRESH_MS
    for (const [socket, { open, since }] of connections) if (open === 0 && since < fresh) socket.destroy()
  }

  /** Requests that are not answered yet. */
  function inFlight(): number {
    let sum = 0
    for (const { open } of connections.values()) sum += open
    return sum
  }

  function refuseSlow(): void {
    const now = performance.now()
    for (const connection of connections.values()) {
      const { open, last, reply, since, broken } = connection
      if (open === 0 || broken || !last) continue
      if (!last.complete) {
        if (now - since < bodyTimeoutMs || isUpload(last)) continue
        connection.broken = true
        giveUpBody(last, 'ERR_HTTP_REQUEST_TIMEOUT')
      } else if (now - since >= answerTimeoutMs && reply?.request.raw === last && !reply.sent) {
        reply.send(errors.unavailable(new Error('there was no answer in time')))
      }
    }
  }

  /**
   * Fastify's `clientErrorHandler`: answers what is no HTTP request, or did not arrive in time, in the interface's shape,
   * but never into another answer. Its bytes are not logged: they may hold a token.
   */
  function answerClientError(error: Error & { code?: string }, socket: Socket): void {
    const connection = connections.get(socket)
    if (connection && connection.open > 0) {
      if (!connection.broken && error.code !== 'ECONNRESET') giveUpBody(connection.last, error.code)
      connection.broken = true
      return
    }
    // The rest of a body whose request was answered already gets no answer of its own.
    if (error.code === 'ECONNRESET' || !socket.writable || connection?.last?.complete === false) {
      socket.destroy()
      return
    }
    const refusal = translateClientError(error.code)
    const body = JSON.stringify(refusal.body)
    const status = `${refusal.status} ${STATUS_CODES[refusal.status]}`
    const head = `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\n${ITS_HEADERS}Connection: close\r\n`
    socket.end(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
    setTimeout(() => socket.destroy(), LINGER_MS).unref()
  }

  return { watch, answerClientError, inFlight }
}

const isUpload = ({ headers }: IncomingMessage): boolean =>
  /^multipart\/form-data/i.test(headers['content-type'] ?? '')

/**
 * Tells whoever reads a body that its rest won't come. Node does not, as long as the connection is open, and the request
 * would wait for ever. Where nobody reads yet, the connection ends without an answer.
 */
function giveUpBody(request: IncomingMessage | undefined, code: string | undefined): void {
  if (!request || request.complete) return
  if (request.listenerCount('error') > 0) request.emit('error', translateClientError(code))
  else request.destroy()
}
