import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { errors } from '../../src/errors.ts'

/** Of a request whose sender was not invited yet. */
const UNINVITED = Symbol('waits for 100 Continue')

/**
 * Sends `100 Continue` (RFC 9110, 10.1.1) when somebody begins to read the body, where Node would send it before anybody
 * looked at the request: whoever is refused learns so without having sent the body. Other expectations get 417.
 */
export function answerExpectations(app: FastifyInstance): void {
  app.server.on('checkContinue', (request, response) => {
    Reflect.set(request, UNINVITED, true)
    request.once('resume', () => {
      // After the answer Node itself reads what nobody read.
      if (response.headersSent) return
      Reflect.deleteProperty(request, UNINVITED)
      response.writeContinue()
    })
    // Without a 100 Node would end the connection after the answer; a body that comes all the same is read past.
    if (response.shouldKeepAlive) response.setHeader('connection', 'keep-alive')
    app.server.emit('request', request, response)
  })
  app.server.on('checkExpectation', (_request, response) => {
    const { status, body } = errors.expectationFailed()
    const headers = { 'content-type': 'application/json; charset=utf-8', connection: 'close' }
    response.writeHead(status, headers).end(JSON.stringify(body))
  })
}

/** Whether the client waits for a `100 Continue` still. Where nobody answers expectations, Node has sent it already. */
export const awaitsContinue = (request: IncomingMessage): boolean => Reflect.has(request, UNINVITED)

/** From now on the body may be read without inviting it: the answer is all that the client gets. */
export function withholdContinue(request: IncomingMessage): void {
  request.removeAllListeners('resume')
}
