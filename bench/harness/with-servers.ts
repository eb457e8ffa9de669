import type { Server } from './processes.ts'

/** Hands out `keep`, and stops every server that was kept when the work is done or fails. */
export async function withServers<T>(work: (keep: (server: Server) => Server) => Promise<T>): Promise<T> {
  const servers: Server[] = []
  try {
    return await work((server) => {
      servers.push(server)
      return server
    })
  } finally {
    for (const server of servers) await server.stop()
  }
}
