import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { pinned } from '../harness/processes.ts'
import type { LoadOptions, LoadResult } from './load.ts'

const CHILD = fileURLToPath(new URL('counted-child.ts', import.meta.url))

/** So many requests, whatever time they take. */
export type CountedLoad = Omit<LoadOptions, 'seconds'> & { amount: number }

/**
 * Sends a fixed number of requests from the load's core and waits for all of them. When its time is up, a client of the
 * other kind drops the requests in flight: of a few dozen a second, eight are many.
 */
export async function runCounted(load: CountedLoad): Promise<LoadResult> {
  const args = [CHILD, JSON.stringify(load)]
  const { stdout } = await promisify(execFile)(...pinned('load', process.execPath, args))
  return JSON.parse(stdout)
}
