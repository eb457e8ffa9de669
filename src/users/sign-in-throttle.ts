import { hash } from 'node:crypto'
import { addressGroup } from '../address-group.ts'
import { errors } from '../errors.ts'
import type { AttemptCounter } from '../limits/limits.ts'

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

/** Limits failed sign-ins to those that a counter lets begin. */
export function createSignInThrottle(attempts: AttemptCounter): SignInThrottle {
  return {
    async guard({ account, address }, check) {
      const begun = await attempts.begin({ account: keyOf(account), address: keyOf(addressGroup(address)) })
      if ('waitMs' in begun) throw errors.throttled(Math.ceil(begun.waitMs / 1000))
      let result: Awaited<ReturnType<typeof check>>
      try {
        result = await check()
      } catch (error) {
        await begun.abandon()
        throw error
      }
      if (result !== undefined) await begun.succeed()
      return result
    }
  }
}

/** Names may be long, and longer still once they are normalised. */
const keyOf = (name: string) => hash('sha256', name, 'base64url')

/** Lets everything through. */
export const noThrottle: SignInThrottle = { guard: (_attempt, check) => check() }
