import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { eventually } from '../../../test/helper.ts'
import { childrenOf, isRunning } from '../../../test/processes.ts'

/** One of the programs that a cluster consists of. It can be ended and started again where it was. */
export interface Part {
  readonly name: string
  /** Starts it, and waits until it can be used. @throws what it wrote, where it can't */
  start(): Promise<void>
  /** Starts it and doesn't wait. */
  launch(): void
  /** Asks it to end, as its manual says, and answers its exit code once it has ended. */
  stop(): Promise<number | null>
  /** Ends it and all that it has started, at once. */
  kill(): Promise<void>
  /** It takes connections still, since the system does that, but nothing of it moves any more. */
  pause(): void
  resume(): void
  readonly isRunning: boolean
  /** What it has written so far. */
  log(): string
}

interface PartOptions {
  name: string
  command: string
  args?: string[]
  env?: Record<string, string>
  cwd: string
  /** Whom it runs as. @default this process's user */
  user?: { uid: number; gid: number } | undefined
  /** What asks it to end. @default 'SIGTERM' */
  stopSignal?: NodeJS.Signals
  /** Whether it can be used. What it throws counts as no. */
  isReady(): Promise<boolean>
}

const READY_MS = 30_000
const LEAST_ENV = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' }

export function createPart(options: PartOptions): Part {
  const { name, command, args = [], env = {}, cwd, user, stopSignal = 'SIGTERM', isReady } = options
  const path = `${cwd}/${name}.log`
  let child: ChildProcess | undefined
  const running = () => (child && child.exitCode === null && child.signalCode === null ? child : undefined)
  const log = () => readFileSync(path, 'utf8')

  function launch(): void {
    const file = openSync(path, 'a')
    child = spawn(command, args, {
      cwd,
      env: { ...LEAST_ENV, ...env },
      stdio: ['ignore', file, file],
      ...user
    })
    closeSync(file)
    const killed = child
    // However this process ends, it leaves none behind.
    const kill = () => signalAll(killed.pid, 'SIGKILL')
    process.once('exit', kill)
    // That it can't be started shows by its having no id.
    child.once('error', () => {})
    child.once('exit', () => process.off('exit', kill))
  }

  async function start(): Promise<void> {
    launch()
    if (child?.pid === undefined) throw new Error(`there is no ${command}: .ci/install-tools installs it`)
    const holds = async () => running() === undefined || (await isReady().catch(() => false))
    await eventually(`${name} can be used`, holds, READY_MS).catch((error) => {
      throw new Error(`${error.message}: ${log().slice(-2000)}`)
    })
    if (!running()) throw new Error(`${name} ended: ${log().slice(-2000)}`)
  }

  async function end(send: (pid: number) => void): Promise<number | null> {
    const ending = running()
    if (ending?.pid !== undefined) {
      const all = familyOf(ending.pid)
      const ended = once(ending, 'exit')
      send(ending.pid)
      await ended
      await eventually(`${name} has ended`, () => !all.some(isRunning))
    }
    return child?.exitCode ?? null
  }

  return {
    name,
    start,
    launch,
    stop: () => end((pid) => process.kill(pid, stopSignal)),
    kill: () => end((pid) => signalAll(pid, 'SIGKILL')).then(() => {}),
    pause: () => signalAll(running()?.pid, 'SIGSTOP'),
    resume: () => signalAll(running()?.pid, 'SIGCONT'),
    get isRunning() {
      return running() !== undefined
    },
    log
  }
}

/** A process, what it has started, and what those have. */
const familyOf = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(familyOf)]

function signalAll(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  for (const one of familyOf(pid)) {
    try {
      process.kill(one, signal)
    } catch {
      // It has ended by itself.
    }
  }
}
