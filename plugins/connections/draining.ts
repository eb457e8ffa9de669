import type { Server } from 'node:http'

export interface Draining {
  /** Whether the service is about to end, and should be sent no more. */
  readonly begun: boolean
  /**
   * From now on each answer ends its connection, so that clients and balancers that keep connections have none left that
   * could end under their next request.
   */
  begin(): void
}

export function createDraining(server: Server): Draining {
  let begun = false
  // Before Fastify's own: an answer may be written at once.
  server.prependListener('request', (_request, response) => {
    if (!begun) return
    response.shouldKeepAlive = false
    response.setHeader('connection', 'close')
  })
  return {
    get begun() {
      return begun
    },
    begin() {
      begun = true
    }
  }
}
