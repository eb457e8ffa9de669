import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { PoolStats, QueueDepth, Telemetry } from '../../src/telemetry/telemetry.ts'

export interface Prometheus {
  telemetry: Telemetry
  /** A request was answered. @param route the pattern, never what was asked for */
  answered(method: string, route: string, status: number, seconds: number): void
  /** Says where the number of requests in flight can be asked for. */
  watchRequests(inFlight: () => number): void
  contentType: string
  /** All of it, in Prometheus' text format. */
  render(): Promise<string>
}

/** From a look at a row in memory to an upload that has to be decoded first. */
const REQUEST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const COMMIT_BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5]
const STORE_BUCKETS = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 2.5, 10]
const DECODE_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256]

/** Numbers in a registry of their own, beside those of the process. */
export function createPrometheus({ version }: { version: string }): Prometheus {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  new Gauge({
    name: 'user_profile_build_info',
    help: 'Which version runs: always 1',
    labelNames: ['version', 'node'],
    registers
  }).set({ version, node: process.version }, 1)
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'From a request’s headers to the end of its answer',
    labelNames: ['method', 'route', 'status_code'],
    buckets: REQUEST_BUCKETS,
    registers
  })
  const batches = new Histogram({
    name: 'user_profile_commit_writes',
    help: 'Writes that shared one transaction of SQLite’s',
    buckets: BATCH_BUCKETS,
    registers
  })
  const commits = new Histogram({
    name: 'user_profile_commit_duration_seconds',
    help: 'From the beginning of a transaction of SQLite’s until it was durable',
    buckets: COMMIT_BUCKETS,
    registers
  })
  const operations = new Histogram({
    name: 'user_profile_store_duration_seconds',
    help: 'Operations of the stores, with the wait for their turn or connection',
    labelNames: ['store', 'operation', 'outcome'],
    buckets: STORE_BUCKETS,
    registers
  })
  const decodes = new Histogram({
    name: 'user_profile_decode_duration_seconds',
    help: 'Decoding of a picture, without the wait for its turn',
    labelNames: ['outcome'],
    buckets: DECODE_BUCKETS,
    registers
  })
  const refusals = new Counter({
    name: 'user_profile_sign_ins_refused_total',
    help: 'Passwords that were wrong, and those that were not looked at after too many wrong ones',
    labelNames: ['reason'],
    registers
  })

  const watchers = createGauges(registry)
  return {
    telemetry: {
      committed(writes, seconds) {
        batches.observe(writes)
        commits.observe(seconds)
      },
      decoded: (outcome, seconds) => decodes.observe({ outcome }, seconds),
      signInRefused: (reason) => refusals.inc({ reason }),
      watchQueue: watchers.watchQueue,
      watchPool: watchers.watchPool,
      operations: [
        (store, operation) => {
          if (store === 'decoders') return () => {}
          const since = performance.now()
          return (error) => {
            const outcome = error === undefined ? 'ok' : 'error'
            operations.observe({ store, operation, outcome }, (performance.now() - since) / 1000)
          }
        }
      ]
    },
    answered: (method, route, status, seconds) =>
      requests.observe({ method, route, status_code: status }, seconds),
    watchRequests: watchers.watchRequests,
    contentType: registry.contentType,
    render: () => registry.metrics()
  }
}

/** What is asked for when somebody looks, and costs nothing until then. */
function createGauges(registry: Registry) {
  const registers = [registry]
  return {
    watchRequests(inFlight: () => number): void {
      new Gauge({
        name: 'http_requests_in_flight',
        help: 'Requests that are not answered yet',
        registers,
        collect() {
          this.set(inFlight())
        }
      })
    },
    watchQueue: (() => {
      const queues = new Map<string, () => QueueDepth>()
      new Gauge({
        name: 'user_profile_queue_tasks',
        help: 'Work that is heavy on processors, as it runs and waits',
        labelNames: ['queue', 'state'],
        registers,
        collect() {
          for (const [queue, depth] of queues)
            for (const [state, tasks] of Object.entries(depth())) this.set({ queue, state }, tasks)
        }
      })
      return (queue: string, depth: () => QueueDepth) => void queues.set(queue, depth)
    })(),
    watchPool(stats: () => PoolStats): void {
      new Gauge({
        name: 'user_profile_pool_connections',
        help: 'Connections to the database’s server, and statements that wait for one',
        labelNames: ['state'],
        registers,
        collect() {
          for (const [state, connections] of Object.entries(stats())) this.set({ state }, connections)
        }
      })
    }
  }
}
