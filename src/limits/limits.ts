/** How often there was something within a window, which begins with the first. */
export interface RequestCount {
  /** With the one that asks. */
  count: number
  /** Milliseconds until the window ends. */
  leftMs: number
}

export interface RequestCounter {
  /** Counts one more, atomically. @param key short, such as an address or an id */
  add(key: string): Promise<RequestCount>
}

/** What an attempt at a password counts against. Both are short; whoever makes them hashes what somebody typed. */
export interface AttemptKeys {
  account: string
  address: string
}

/** One that counts as failed from its beginning on. Of the two one is called, once. */
export interface BegunAttempt {
  /** Forgets the account's failures; at the address this one never was. */
  succeed(): Promise<void>
  /** Nobody knows whether it was right: it never was. What has failed in a later window stays. */
  abandon(): Promise<void>
}

export interface AttemptCounter {
  /**
   * Counts an attempt at its account and its address, or at neither where one of them has as many as it may; in one
   * atomic step, so that many at once don't slip through.
   * @returns the attempt, or how many milliseconds (at least 1) are left until the next one
   */
  begin(keys: AttemptKeys): Promise<BegunAttempt | { waitMs: number }>
}

export interface AttemptLimits {
  /** Failures of one account within the window, from wherever. */
  maxPerAccount: number
  /** Failures from one address within the window, whatever the account. */
  maxPerAddress: number
  /** From the first failure on. */
  windowMs: number
}

export const ATTEMPT_LIMITS: AttemptLimits = { maxPerAccount: 10, maxPerAddress: 50, windowMs: 300_000 }

/** Where requests and failed attempts are counted: in one process's memory, or by many together. */
export interface Limits {
  /** @param name of what is counted: each name by itself, and the same one together */
  countRequests(name: string, windowMs: number): RequestCounter
  attempts: AttemptCounter
}
