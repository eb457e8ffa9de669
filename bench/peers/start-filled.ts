import { type Server, type ServerOptions, startServer } from '../harness/processes.ts'

/** Starts a server and fills it with users over HTTP; stops it where that fails. */
export async function startFilled<User>(
  options: ServerOptions,
  fill: (origin: string) => Promise<User[]>
): Promise<{ server: Server; users: User[] }> {
  const server = await startServer(options)
  try {
    return { server, users: await fill(server.origin) }
  } catch (error) {
    await server.stop()
    throw error
  }
}
