import { Worker } from 'node:worker_threads'
import { programBeside } from '../../program-beside.ts'

const PROGRAM = programBeside(import.meta.url, 'checkpoint-worker')

/** What the checkpoint's thread is told. */
export type CheckpointMessage = 'copy' | 'finish' | 'close'

/** What it says when that is done, or could not be done this time. */
export type CheckpointAnswer = 'done' | 'full' | 'failed'

export interface Checkpointer {
  /** To be called after each commit: begins a checkpoint when the log has grown long. */
  committed(): void
  close(): Promise<void>
}

interface Options {
  /** The database's file. */
  path: string
  /** How many pages the log holds. */
  frames(): number
  /** How many more than after the last checkpoint begin one, at least 1. */
  everyFrames: number
  /** Stops writing, until `resume`: the log can begin anew only when nothing of it is left to copy. */
  pause(): void
  resume(): void
  /** Told where the disk has no room for what the log holds. */
  onFull(): void
  /** Told once where there is no thread for it, or it failed: somebody else has to do it from then on. */
  onFailure(): void
}

/**
 * Checkpoints on a thread of their own, which is started for the first one. SQLite's own would copy thousands of pages
 * and sync twice on the event loop, in the middle of somebody's commit. https://sqlite.org/wal.html#ckpt
 */
export function createCheckpointer(options: Options): Checkpointer {
  const { path, frames, everyFrames, pause, resume, onFull, onFailure } = options
  let worker: Worker | undefined
  let step: 'idle' | 'copying' | 'finishing' | 'ended' = 'idle'
  /** How long the log was when the last checkpoint was done. */
  let copied = 0

  function tell(message: CheckpointMessage): void {
    worker ??= startWorker()
    worker.postMessage(message)
  }

  function startWorker(): Worker {
    const started = new Worker(PROGRAM, { workerData: path })
    started.unref()
    started.on('message', proceed)
    started.on('error', fail)
    return started
  }

  function proceed(answer: CheckpointAnswer): void {
    if (answer === 'full') onFull()
    if (step === 'copying' && answer === 'done') {
      step = 'finishing'
      pause()
      tell('finish')
    } else if (step === 'copying' || step === 'finishing') {
      if (step === 'finishing') resume()
      step = 'idle'
      copied = frames()
    }
  }

  function fail(): void {
    if (step === 'finishing') resume()
    step = 'ended'
    onFailure()
  }

  return {
    committed() {
      if (step !== 'idle') return
      try {
        const length = frames()
        // It has begun anew.
        if (length < copied) copied = 0
        if (length - copied < everyFrames) return
        step = 'copying'
        tell('copy')
      } catch {
        // The commit took place all the same.
        fail()
      }
    },
    async close() {
      if (!worker || step === 'ended') return
      step = 'ended'
      // Until now it kept no process alive.
      worker.ref()
      const exited = new Promise((resolve) => worker?.once('exit', resolve))
      tell('close')
      await exited
    }
  }
}
