import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, type Server, startServer } from '../harness/processes.ts'

export const SECRET = 'a-secret-of-the-benchmark-0123456789-0123456789'

/** The programs that are measured: the service, and what it is compared with. */
const PROGRAMS = {
  service: '../../src/cli/main.js',
  'no-database': './no-database.ts',
  'log-unsynced': './log-unsynced.ts',
  'bare-route': './bare-route.js',
  'bare-start': './bare-start.ts',
  'fifteen-lines': './fifteen-lines.js'
} as const

export type Program = keyof typeof PROGRAMS

export interface ProgramOptions {
  /** Where it keeps its database (`profile.db`) and its pictures. */
  folder: string
  env?: Record<string, string>
}

/** Starts one of the programs on a free port. Requests are not limited by address: they all come from one. */
export async function startProgram(name: Program, { folder, env = {} }: ProgramOptions): Promise<Server> {
  const port = await freePort()
  return startServer({
    command: process.execPath,
    args: [fileURLToPath(new URL(PROGRAMS[name], import.meta.url))],
    cwd: folder,
    env: {
      ...serviceEnv(folder),
      PORT: String(port),
      ...env
    },
    origin: `http://127.0.0.1:${port}`,
    readyPath: '/'
  })
}

export const serviceEnv = (folder: string) => ({
  HOST: '127.0.0.1',
  DATABASE_URL: `sqlite:${join(folder, 'profile.db')}`,
  MEDIA_ROOT: join(folder, 'media'),
  JWT_SECRET: SECRET,
  RATE_LIMIT: 'off',
  LOG_LEVEL: 'info'
})
