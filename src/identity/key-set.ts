import type { CryptoKey } from 'jose'
import type { Clock } from '../clock.ts'
import { errors } from '../errors.ts'
import type { Log } from '../log.ts'
import type { TokenHeader } from './compact-token.ts'
import { createKeyFinder, type FindKey } from './key-finder.ts'
import { TokenRefusedError } from './token-refused.ts'

/** The keys that an identity provider publishes, as they are now or were lately. */
export interface KeySet {
  /**
   * The key that a header asks for.
   * @throws {TokenRefusedError} where there is none
   * @throws `unavailable` (503) where the provider has to be asked, and doesn't answer
   */
  get(header: TokenHeader): Promise<CryptoKey>
  /** When the provider is asked again, at the latest, in epoch milliseconds: until then no key is withdrawn. */
  goodUntil(): number
}

/** So long keys are used without asking again: that is how long a withdrawn one works on. */
export const MAX_AGE_MS = 600_000
/** So long they are used where the provider was asked again, and did not answer. */
export const MAX_AGE_WITHOUT_ANSWER_MS = 3_600_000
/** So long the provider is left alone, whoever asks for whatever key. */
export const COOLDOWN_MS = 10_000

export interface KeySetOptions {
  /** Fetches the set, as parsed JSON. */
  fetch: () => Promise<unknown>
  clock: Clock
  log: Log
}

/**
 * Keys are fetched when the first token comes, and again when they are old or one is asked for that is unknown. All who need
 * the provider meanwhile wait for the same answer, and however many strangers make up names of keys, it is asked once in a
 * cooldown, also while it fails.
 */
export function createKeySet({ fetch, clock, log }: KeySetOptions): KeySet {
  let find: FindKey | undefined
  let fetchedAt = Number.NEGATIVE_INFINITY
  let triedAt = Number.NEGATIVE_INFINITY
  let failure: unknown
  let pending: Promise<void> | undefined

  /** Also where the clock was set back it is over some time. */
  function isWithin(since: number, ms: number): boolean {
    const age = clock.now() - since
    return age >= 0 && age < ms
  }

  async function load(): Promise<void> {
    triedAt = clock.now()
    try {
      find = await createKeyFinder(await fetch())
      fetchedAt = triedAt
      failure = undefined
    } catch (error) {
      failure = error
      log.warn({ err: error }, 'the keys of the identity provider could not be fetched')
    } finally {
      pending = undefined
    }
  }

  async function refresh(): Promise<void> {
    if (!pending && isWithin(triedAt, COOLDOWN_MS)) return
    pending ??= load()
    await pending
  }

  /** What finds keys in a set that is young enough. */
  async function getFinder(): Promise<FindKey> {
    if (!isWithin(fetchedAt, MAX_AGE_MS)) {
      const refreshed = refresh()
      // Where the provider was away the last time, nobody waits for it who can do without.
      if (failure === undefined || !isWithin(fetchedAt, MAX_AGE_WITHOUT_ANSWER_MS)) await refreshed
    }
    if (find && isWithin(fetchedAt, MAX_AGE_WITHOUT_ANSWER_MS)) return find
    throw unavailable()
  }

  function unavailable(): Error {
    const seconds = Math.ceil((triedAt + COOLDOWN_MS - clock.now()) / 1000)
    return errors.unavailable(failure, Math.max(1, seconds))
  }

  return {
    async get(header) {
      const known = await (await getFinder())(header)
      if (known) return known
      await refresh()
      if (failure !== undefined) throw unavailable()
      const found = await (await getFinder())(header)
      if (found) return found
      throw new TokenRefusedError('the provider has no such key')
    },
    goodUntil: () => (isWithin(fetchedAt, MAX_AGE_MS) ? fetchedAt + MAX_AGE_MS : triedAt + COOLDOWN_MS)
  }
}
