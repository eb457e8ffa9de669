import { join } from 'node:path'
import { runCounted } from '../load/counted.ts'
import type { LoadRequest, LoadResult } from '../load/load.ts'
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
  const { subject, load, seconds } = await prepare(bench, options)
  return { ...subject, measure: async () => figuresOf(await bench.client.run({ ...load, seconds })) }
}

/**
 * The same for requests that take long: the warm-up, which is timed, says how many fit into the time, and after it just
 * so many are sent, and all are waited for. They are few enough for a client in JavaScript.
 */
export async function countedSubject(bench: Bench, options: LoadSubjectOptions): Promise<Subject> {
  const { subject, load, seconds } = await prepare(bench, options)
  let amount = load.connections
  return {
    ...subject,
    async measure(round) {
      if (round >= 0) return figuresOf(await runCounted({ ...load, amount }))
      const warmUp = await bench.client.run({ ...load, seconds })
      amount = Math.max(load.connections, Math.round(warmUp.requestsPerSecond * seconds))
      return figuresOf(warmUp)
    }
  }
}

async function prepare(bench: Bench, options: LoadSubjectOptions) {
  const { name, note, server, requests, connections, seconds = bench.seconds } = options
  const requestsFile = join(bench.makeFolder('requests'), 'requests')
  await writeRequests(requestsFile, server.origin, requests)
  const subject = { name, ...(note !== undefined && { note }) }
  return { subject, load: { origin: server.origin, connections, requestsFile }, seconds }
}

const figuresOf = ({ requestsPerSecond, p50Ms, p99Ms }: LoadResult) => ({ requestsPerSecond, p50Ms, p99Ms })
