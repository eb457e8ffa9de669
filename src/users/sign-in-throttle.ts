import { hash } from 'node:crypto'
import { LruMap } from 'toad-cache'
import { addressGroup } from '../address-group.ts'
import type { Clock } from '../clock.ts'
import { errors } from '../errors.ts'

/** Who tries. */
export interface Attempt {
  /**
   * What somebody typed, whether there is such an account or not, or the id of who is signed in. The prefixes keep a typed
   * `id:7` from counting against user 7.
   */
  account: `name:${string}` | `id:${number}`
  /** The client's; of IPv6 its /64 counts as one. */
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
    async guard({ account, address: client }, check) {
      const address = addressGroup(client)
      const waitMs = Math.max(accounts.waitMs(account), addresses.waitMs(address))
      if (waitMs > 0) throw errors.throttled(Math.ceil(waitMs / 1000))
      const takeBack = { account: accounts.add(account), address: addresses.add(address) }
      try {
        const result = await check()
        if (result !== undefined) {
          accounts.clear(account)
          takeBack.address()
        }
        return result
      } catch (error) {
        // Nobody knows whether it was the right one: it doesn't count.
        takeBack.account()
        takeBack.address()
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
  // Names may be long, and longer still once they are normalised.
  const keyOf = (name: string) => hash('sha256', name, 'base64url')
  const find = (key: string) => {
    const count = counts.get(key)
    const leftMs = count ? count.until - clock.now() : 0
    // More than a window is left where the clock was set back.
    return leftMs > 0 && leftMs <= windowMs ? count : undefined
  }
  function start(key: string): Count {
    const count = { failures: 0, until: clock.now() + windowMs }
    counts.set(key, count)
    return count
  }
  return {
    /** Milliseconds until the next attempt; 0 for now. */
    waitMs(name: string): number {
      const count = find(keyOf(name))
      return count && count.failures >= max ? count.until - clock.now() : 0
    },
    /** @returns what takes this one back, unless its window is over; nothing is kept of who has none left */
    add(name: string): () => void {
      const key = keyOf(name)
      const count = find(key) ?? start(key)
      count.failures++
      return () => {
        count.failures--
        if (count.failures === 0 && counts.get(key) === count) counts.delete(key)
      }
    },
    clear: (name: string) => counts.delete(keyOf(name))
  }
}
