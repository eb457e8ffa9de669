import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { childrenOf } from '../../test/processes.ts'
import { MAIN } from '../../test/service.ts'

export interface Server {
  /** Such as `http://127.0.0.1:41234`. */
  origin: string
  child: ChildProcess
  /** What it has written to its standard error so far. */
  stderr(): string
  /** Ends it, by SIGKILL unless told otherwise, and waits until it has ended. */
  end(signal?: NodeJS.Signals): Promise<void>
}

/** A server that may not listen yet. */
export interface Launched extends Pick<Server, 'child' | 'stderr' | 'end'> {
  /** Where it listens. @throws what it wrote, where it ended before */
  listening: Promise<Server>
}

interface LaunchOptions {
  env?: Record<string, string>
  /** A program that runs the server, with its arguments, such as strace. It ends with it. */
  under?: string[]
  /** The server's program, with its arguments. */
  program?: string[]
  /** A file for what it writes to its standard output: its log. @default nowhere */
  log?: string
}

const BASE_ENV = { PATH: '/usr/local/bin:/usr/bin:/bin', PORT: '0', RATE_LIMIT: 'off', LOG_LEVEL: 'error' }

/** Starts the service on a free port, with its database and pictures in a folder, and doesn't wait for it. */
export function launchServer(
  folder: string,
  { env = {}, under = [], program = [MAIN], log }: LaunchOptions = {}
): Launched {
  const [command = process.execPath, ...args] = [...under, process.execPath, ...program]
  const output = log === undefined ? ('ignore' as const) : openSync(log, 'a')
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...BASE_ENV, ...env },
    stdio: ['ignore', output, 'pipe']
  })
  if (typeof output === 'number') closeSync(output)
  let written = ''
  const ended = once(child, 'close')
  const listening = new Promise<string>((resolve) => {
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      written += text
      const origin = /listening on (http:\/\/\S+)/.exec(written)?.[1]
      if (origin) resolve(origin)
    })
  })
  const launched = {
    child,
    stderr: () => written,
    async end(signal: NodeJS.Signals = 'SIGKILL') {
      const [pid] = under.length > 0 ? childrenOf(child.pid ?? 0) : [child.pid]
      // It may have ended by itself.
      if (pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(pid, signal)
      await ended
    }
  }
  const server = Promise.race([listening, ended.then(() => undefined)]).then((origin) => {
    if (origin === undefined) throw new Error(`the service did not start: ${written}`)
    return { ...launched, origin }
  })
  // Nobody may be waiting for one that is ended on its way.
  server.catch(() => {})
  return { ...launched, listening: server }
}

/** The same, listening. */
export const startServer = (folder: string, options: LaunchOptions = {}): Promise<Server> =>
  launchServer(folder, options).listening
