import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'

/** The program. */
export const MAIN = fileURLToPath(new URL('../src/cli/main.js', import.meta.url))

export interface Service {
  /** Such as `http://127.0.0.1:41234`. */
  origin: string
  child: ChildProcess
  /** What it has written so far. */
  stdout(): string
  stderr(): string
  /** Sends the signal and answers how the process ended. */
  stop(signal?: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

interface RunOptions {
  env?: Record<string, string>
  /** Of Node. */
  nodeOptions?: string[]
  /** The command, such as `doctor`, and what it is given. */
  args?: string[]
  /** What comes in on its standard input. @default nothing */
  input?: string | Buffer
  /** The program. @default MAIN */
  main?: string
  /** A program that runs Node, with its arguments, such as a shell that limits it. */
  under?: string[]
}

/** Runs the program as `npm start` does, in a folder, and answers what it wrote when it ended. */
export function run(
  folder: string,
  { env = {}, nodeOptions = [], args = [], input = '', main = MAIN, under = [] }: RunOptions = {}
) {
  const inherited = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' }
  const [program = process.execPath, ...words] = [...under, process.execPath, ...nodeOptions, main, ...args]
  const child = spawn(program, words, { cwd: folder, env: { ...inherited, ...env } })
  // Many read nothing of it.
  child.stdin.on('error', () => {}).end(input)
  const written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text) => {
      written[name] += text
    })
  }
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...written }))
  return { child, written, ended }
}

/** Asks a running service for tokens. */
export const signInAt = (origin: string, email: string, password: string): Promise<Response> =>
  fetch(`${origin}/api/sign-in/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password })
  })

/** The service as a process of its own on a free port, ended with the test. */
export async function startService(
  t: Test,
  folder: string,
  env: Record<string, string> = {},
  main = MAIN
): Promise<Service> {
  const { child, written, ended } = run(folder, { env: { PORT: '0', RATE_LIMIT: 'off', ...env }, main })
  t.teardown(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const listening = new Promise<string>((resolve) => {
    child.stderr.on('data', () => {
      const origin = /listening on (http:\/\/\S+)/.exec(written.stderr)?.[1]
      if (origin) resolve(origin)
    })
  })
  const origin = await Promise.race([listening, ended.then(() => undefined)])
  if (!origin) throw new Error(`the service did not start: ${written.stderr}`)
  return {
    origin,
    child,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal)
      const { code, signal: by } = await ended
      return { code, signal: by }
    }
  }
}
