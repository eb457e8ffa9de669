import { type ChildProcess, fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import module from 'node:module'
import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { programBeside } from '../program-beside.ts'
import { type DecoderAnswer, type DecoderRequest, type DecoderTask, READY } from './decoder-messages.ts'

/** A decoder that ended in the middle of its work, or did not start. */
export class DecoderEndedError extends Error {
  /** The signal that ended it, such as `SIGSEGV`; null where there was none. */
  readonly signal: NodeJS.Signals | null

  constructor(reason: string, signal: NodeJS.Signals | null = null) {
    super(`a picture's decoder ended: ${reason}`)
    this.name = 'DecoderEndedError'
    this.signal = signal
  }
}

export interface Decoder {
  /** False once the process has ended, or is about to. */
  readonly alive: boolean
  /**
   * One task at a time.
   * @param maxCpuMs processor time that it may take
   * @throws {DecoderEndedError} also where it is not ready in ten times that, by the clock: then it was ended
   */
  run(task: DecoderTask, maxCpuMs: number): Promise<DecoderAnswer>
  /** Ends the process, whatever it does. Resolves when it is gone. */
  end(): Promise<void>
}

const PROGRAM = fileURLToPath(programBeside(import.meta.url, 'decoder-program'))

/** Far longer than any start takes: a machine that needs this is not working. */
const START_TIMEOUT_MS = 30_000

/** Characters of what it wrote to standard error, which say why it ended. */
const MAX_LAST_WORDS = 2000

/** How much longer a task may take by the clock than by the processor's time, on a machine with much else to do. */
const PATIENCE = 10

/**
 * Starts a process that decodes pictures. It has none of the service's memory, environment or handles, so a picture that
 * breaks libvips ends one decoder and learns nothing; its time is limited whatever it does, and its memory goes with it.
 */
export function startDecoder(): Decoder {
  const child = fork(PROGRAM, {
    execArgv: [],
    env: decoderEnvironment(),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc']
  })
  goFirst(child)
  let lastWords = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-MAX_LAST_WORDS)
  })
  const ready = Promise.withResolvers<void>()
  // Who runs the first task is told.
  ready.promise.catch(() => {})
  const gone = Promise.withResolvers<void>()
  let pending: PromiseWithResolvers<DecoderAnswer> | undefined
  let alive = true

  function end(reason: string, signal: NodeJS.Signals | null = null): void {
    alive = false
    const error = new DecoderEndedError([reason, lastWords.trim()].filter(Boolean).join(': '), signal)
    ready.reject(error)
    pending?.reject(error)
    gone.resolve()
  }

  child.on('message', (message: DecoderAnswer | typeof READY) => {
    if (message === READY) ready.resolve()
    else pending?.resolve(message)
  })
  child.on('error', ({ message }) => end(message))
  child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`, signal))
  letServiceEnd(child)

  function kill(): void {
    alive = false
    child.kill('SIGKILL')
  }

  return {
    get alive() {
      return alive
    },

    async run(task, maxCpuMs) {
      holdService(child)
      try {
        await within(START_TIMEOUT_MS, ready.promise, 'it did not start')
        pending = Promise.withResolvers()
        // A message that can't be sent ends the process, which says so.
        const request: DecoderRequest = { task, maxCpuMs }
        child.send(request, () => {})
        const answer = await within(maxCpuMs * PATIENCE, pending.promise, 'it did not answer')
        if (answer.tooSlow) kill()
        return answer
      } catch (error) {
        kill()
        throw error
      } finally {
        letServiceEnd(child)
      }
    },

    async end() {
      holdService(child)
      kill()
      await gone.promise
    }
  }
}

function decoderEnvironment(): Record<string, string> {
  const compiled = module.getCompileCacheDir()
  return {
    // Memory that a thread has used and freed goes back to the system sooner (glibc).
    MALLOC_ARENA_MAX: '2',
    ...(compiled !== undefined && { NODE_COMPILE_CACHE: compiled })
  }
}

/**
 * Where memory runs out, Linux ends this process before any other: it can be started again, and its upload gets 503. Told from
 * here, because memory may run out while it starts. See proc_pid_oom_score_adj(5).
 */
function goFirst({ pid }: ChildProcess): void {
  if (process.platform !== 'linux' || pid === undefined) return
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, '1000')
  } catch {
    // Not every system lets a process choose; and it may have ended.
  }
}

/** An idle decoder keeps nobody's process running; one at work, or about to end, does. */
function letServiceEnd(child: ChildProcess): void {
  child.unref()
  child.channel?.unref()
  // A pipe here, which can be let go of like any other.
  if (child.stderr instanceof Socket) child.stderr.unref()
}

function holdService(child: ChildProcess): void {
  child.ref()
  child.channel?.ref()
}

async function within<T>(timeoutMs: number, work: Promise<T>, lateReason: string): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new DecoderEndedError(lateReason)), timeoutMs)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
