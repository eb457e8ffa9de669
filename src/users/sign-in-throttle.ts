import { LruMap } from 'toad-cache'
import type { Clock } from '../clock.ts'
import { errors } from '../errors.ts'

/** Who tries: the account that is asked for, whether it exists or not, and the client's address. */
export interface Attempt {
  account: string
  address: string
}

export interface SignInThrottle {
  /**
   * Runs a check of a password, unless too many of the same account or address failed lately. It counts as failed from
   * its beginning on, so that many at once don't slip through; one that succeeds clears its account.
   * @param check answers undefined where the password is wrong
   * @throws `throttled` (429), without running the check
   */
  guard<T>(attempt: Attempt, check: () => Promise<T | undefined>): Promise<T | undefined>
}

export interface SignInThrottleOptions {
  clock: Clock
  /** Failures of one account within the window, from wherever. @default 10 */
  maxPerAccount?: number
  /** Failures from one address within the window, whatever the account. @default 50 */
  maxPerAddress?: number
  /** From the first failure on. @default 300000 */
  windowMs?: number
}

/** Each, about 200 bytes; the one that was touched least recently makes room. */
const MAX_COUNTED = 50_000

/** Counts failed sign-ins in this process's memory. */
export function createSignInThrottle(options: SignInThrottleOptions): SignInThrottle {
  const { clock, maxPerAccount = 10, maxPerAddress = 50, windowMs = 300_000 } = options
  const accounts = createCounter(maxPerAccount, windowMs, clock)
  const addresses = createCounter(maxPerAddress, windowMs, clock)

  return {
    async guard({ account, address }, check) {
      const waitMs = Math.max(accounts.waitMs(account), addresses.waitMs(address))
      if (waitMs > 0) throw errors.throttled(Math.ceil(waitMs / 1000))
      accounts.add(account, 1)
      addresses.add(address, 1)
      try {
        const result = await check()
        if (result !== undefined) {
          accounts.clear(account)
          addresses.add(address, -1)
        }
        return result
      } catch (error) {
        // Nobody knows whether it was the right one: it doesn't count.
        accounts.add(account, -1)
        addresses.add(address, -1)
        throw error
      }
    }
  }
}

/** Lets everything through. */
export const noThrottle: SignInThrottle = { guard: (_attempt, check) => check() }

interface Count {
  failures: number
  /** Epoch milliseconds. */
  until: number
}

function createCounter(max: number, windowMs: number, clock: Clock) {
  const counts = new LruMap<Count>(MAX_COUNTED)
  const find = (key: string) => {
    const count = counts.get(key)
    return count && clock.now() < count.until ? count : undefined
  }
  return {
    /** Milliseconds until the next attempt; 0 for now. */
    waitMs(key: string): number {
      const count = find(key)
      return count && count.failures >= max ? count.until - clock.now() : 0
    },
    add(key: string, failures: number): void {
      const count = find(key)
      if (count) count.failures = Math.max(0, count.failures + failures)
      else if (failures > 0) counts.set(key, { failures, until: clock.now() + windowMs })
    },
    clear: (key: string) => counts.delete(key)
  }
}
