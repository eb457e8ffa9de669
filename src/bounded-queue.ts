import fastq from 'fastq'
import { errors } from './errors.ts'
import type { QueueDepth } from './telemetry/telemetry.ts'

export interface BoundedQueue {
  /** How many tasks run at once. */
  readonly concurrency: number
  /**
   * Runs the task when a place is free.
   * @throws `unavailable` (503) at once where `maxWaiting` tasks wait already
   */
  run<T>(task: () => Promise<T>): Promise<T>
  /** Tasks that run and wait at this moment. */
  depth(): QueueDepth
}

/**
 * Work that is heavy on processors or memory (hashing, decoding) runs a few at a time; the rest wait, up to a bound.
 * @param concurrency tasks that run at once, at least 1
 * @param maxWaiting tasks that may wait, at least 0
 */
export function createBoundedQueue({
  concurrency,
  maxWaiting
}: {
  concurrency: number
  maxWaiting: number
}): BoundedQueue {
  const queue = fastq.promise((task: () => Promise<void>) => task(), concurrency)
  return {
    concurrency,
    depth: () => ({ running: queue.running(), waiting: queue.length() }),
    async run<T>(task: () => Promise<T>): Promise<T> {
      if (queue.length() >= maxWaiting && queue.running() >= concurrency) throw errors.unavailable()
      const { promise, resolve, reject } = Promise.withResolvers<T>()
      // fastq is told of neither outcome: it would report a rejection a second time.
      queue.push(async () => {
        try {
          resolve(await task())
        } catch (error) {
          reject(error)
        }
      })
      return promise
    }
  }
}
