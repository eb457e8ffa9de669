import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ServerOptions {
  command: string
  args: string[]
  /** Added to this process's environment. */
  env?: Record<string, string>
  cwd?: string
  /** Such as `http://127.0.0.1:8123`. */
  origin: string
  /** A path that answers as soon as the server does, whatever the status. */
  readyPath: string
  /** Where the server's output goes; `/dev/null` throws it away. */
  output?: string
}

export interface Server {
  origin: string
  pid: number
  /** Resident memory of the process and its children, in bytes. */
  residentBytes(): number
  stop(): Promise<void>
}

const canPin = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0

/** Which core the servers get and which the load; undefined where this machine can't be divided so. */
export const CORES = canPin ? { server: 0, load: 1 } : undefined

/** A command line that runs on one core where that can be had. */
export function pinned(
  core: 'server' | 'load',
  command: string,
  args: readonly string[]
): [string, string[]] {
  return CORES ? ['taskset', ['-c', String(CORES[core]), command, ...args]] : [command, [...args]]
}

/** Starts a server on the servers' core, and waits until it answers. @throws with its last output where it ends */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { origin, readyPath, output = '/dev/null' } = options
  const child = spawnPinned(options, output)
  const pid = child.pid
  if (pid === undefined) throw new Error(`${options.command} could not be started`)
  // However this process ends, it leaves no server behind.
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  await waitForAnswer(origin + readyPath, child, output)
  return {
    origin,
    pid,
    residentBytes: () => residentBytes(pid),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await once(child, 'exit')
      clearTimeout(timer)
    }
  }
}

function spawnPinned({ command, args, env, cwd }: ServerOptions, output: string): ChildProcess {
  const file = openSync(output, 'a')
  try {
    return spawn(...pinned('server', command, args), {
      stdio: ['ignore', file, file],
      env: { ...process.env, ...env },
      cwd
    })
  } finally {
    closeSync(file)
  }
}

const READY_TIMEOUT_MS = 60_000

async function waitForAnswer(url: string, child: ChildProcess, output: string): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS
  while (performance.now() < deadline) {
    if (child.exitCode !== null) break
    try {
      await (await fetch(url)).arrayBuffer()
      return
    } catch {
      await sleep(5)
    }
  }
  child.kill('SIGKILL')
  const said = output === '/dev/null' ? '' : `: ${readFileSync(output, 'utf8').slice(-2000)}`
  throw new Error(`no answer from ${url}${said}`)
}

/** From /proc, so on Linux only; 0 elsewhere. */
function residentBytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
    const own = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024
    return children.reduce((sum, child) => sum + (child ? residentBytes(Number(child)) : 0), own)
  } catch {
    return 0
  }
}

/** A port of the loopback interface that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
