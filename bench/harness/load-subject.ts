import { join } from 'node:path'
import { runCounted } from '../load/counted.ts'
import type { LoadRequest } from '../load/load.ts'
import { writeRequests } from '../load/requests-file.ts'
import type { Subject } from './interleave.ts'
import type { Server } from './processes.ts'
import type { Bench } from './row.ts'

export interface LoadSubjectOptions {
  name: string
  note?: string
  server: Server
  requests: readonly LoadRequest[]
  connections: number
  /** A longer or shorter measurement than the others. */
  seconds?: number
}

/** A server under a load: requests a second, and the time to the answer in milliseconds. */
export async function loadSubject(bench: Bench, options: LoadSubjectOptions): Promise<Subject> {
  const { name, note, server, requests, connections, seconds = bench.seconds } = options
  const requestsFile = join(bench.makeFolder('requests'), 'requests')
  await writeRequests(requestsFile, server.origin, requests)
  return {
    name,
    ...(note !== undefined && { note }),
    async measure() {
      const load = { origin: server.origin, connections, seconds, requestsFile }
      const { requestsPerSecond, p50Ms, p99Ms } = await bench.client.run(load)
      return { requestsPerSecond, p50Ms, p99Ms }
    }
  }
}

/**
 * The same for requests that take long: the warm-up, which is timed, says how many fit into the time, and after it just
 * so many are sent, and all are waited for. They are few enough for a client in JavaScript.
 */
export async function countedSubject(bench: Bench, options: LoadSubjectOptions): Promise<Subject> {
  const { name, note, server, requests, connections, seconds = bench.seconds } = options
  const timed = await loadSubject(bench, options)
  const requestsFile = join(bench.makeFolder('requests'), 'requests')
  await writeRequests(requestsFile, server.origin, requests)
  let amount = connections
  return {
    name,
    ...(note !== undefined && { note }),
    async measure(round) {
      if (round < 0) {
        const figures = await timed.measure(round)
        amount = Math.max(connections, Math.round((figures.requestsPerSecond ?? 0) * seconds))
        return figures
      }
      const load = { origin: server.origin, connections, amount, requestsFile }
      const { requestsPerSecond, p50Ms, p99Ms } = await runCounted(load)
      return { requestsPerSecond, p50Ms, p99Ms }
    }
  }
}
