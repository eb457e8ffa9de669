/** What a picture came to: `ok`, refused as no picture of ours, or not decoded for want of room or of a working decoder. */
export type DecodeOutcome = 'ok' | 'refused' | 'unavailable'

export interface QueueDepth {
  running: number
  waiting: number
}

/** Connections to a database's server. */
export interface PoolStats {
  total: number
  idle: number
  /** Statements that wait for a connection. */
  waiting: number
}

/**
 * Is told that an operation of a port begins, such as `users`, `update`, in the asynchronous context of whoever asked for it.
 * @returns is called at its end, with what it threw
 */
export type OperationWatcher = (port: string, operation: string) => (error?: unknown) => void

/** Who is told what services and stores do, by numbers. Nothing here may throw, or take long: requests wait for it. */
export interface Telemetry {
  /** SQLite wrote a shared transaction that is durable now. @param seconds from its beginning on */
  committed(writes: number, seconds: number): void
  /** A picture was decoded, or a square of one made; the wait for its turn is not counted. */
  decoded(outcome: DecodeOutcome, seconds: number): void
  signInRefused(reason: 'wrong' | 'throttled'): void
  /** Says where a queue's depth can be asked for at any time. */
  watchQueue(queue: 'decoding' | 'hashing', depth: () => QueueDepth): void
  watchPool(stats: () => PoolStats): void
  readonly operations: readonly OperationWatcher[]
}

/** Nobody is told. */
export const noTelemetry: Telemetry = {
  committed: () => {},
  decoded: () => {},
  signInRefused: () => {},
  watchQueue: () => {},
  watchPool: () => {},
  operations: []
}
