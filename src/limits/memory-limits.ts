import type { Clock } from '../clock.ts'
import {
  ATTEMPT_LIMITS,
  type AttemptCounter,
  type AttemptLimits,
  type Limits,
  type RequestCounter
} from './limits.ts'
import { createMemoryWindows, type Windows } from './memory-windows.ts'

/** Addresses, or users, whose requests are counted at once by each counter. */
const MAX_REQUESTING = 20_000

/** Accounts, and addresses, whose failures are counted at once; each takes about 200 bytes. */
const MAX_ATTEMPTED = 50_000

/** Counts in this process's memory, which is bounded. */
export function createMemoryLimits(clock: Clock, attemptLimits = ATTEMPT_LIMITS): Limits {
  const counters = new Map<string, RequestCounter>()
  return {
    countRequests(name, windowMs) {
      const counter =
        counters.get(name) ?? countRequests(createMemoryWindows(clock, windowMs, MAX_REQUESTING))
      counters.set(name, counter)
      return counter
    },
    attempts: countAttempts(clock, attemptLimits)
  }
}

function countRequests(windows: Windows): RequestCounter {
  return {
    async add(key) {
      const window = windows.open(key)
      window.count++
      return { count: window.count, leftMs: windows.leftMs(window) }
    }
  }
}

function countAttempts(clock: Clock, limits: AttemptLimits): AttemptCounter {
  const { maxPerAccount, maxPerAddress, windowMs } = limits
  const accounts = createMemoryWindows(clock, windowMs, MAX_ATTEMPTED)
  const addresses = createMemoryWindows(clock, windowMs, MAX_ATTEMPTED)
  return {
    async begin({ account, address }) {
      const waitMs = Math.max(
        waitFor(accounts, account, maxPerAccount),
        waitFor(addresses, address, maxPerAddress)
      )
      if (waitMs > 0) return { waitMs }
      const takeBack = { account: add(accounts, account), address: add(addresses, address) }
      return {
        async succeed() {
          accounts.delete(account)
          takeBack.address()
        },
        async abandon() {
          takeBack.account()
          takeBack.address()
        }
      }
    }
  }
}

/** Milliseconds until the next one; 0 for now. */
function waitFor(windows: Windows, key: string, max: number): number {
  const window = windows.find(key)
  return window && window.count >= max ? windows.leftMs(window) : 0
}

/** @returns what takes this one back, unless its window is over; nothing is kept of who has none left */
function add(windows: Windows, key: string): () => void {
  const window = windows.open(key)
  window.count++
  return () => {
    window.count--
    if (window.count === 0) windows.delete(key, window)
  }
}
