import { setTimeout } from 'node:timers/promises'
import { hash } from '@node-rs/argon2'
import type { BoundedQueue } from '../bounded-queue.ts'
import { readHash } from './django-hashes.ts'
import { createHashTimes, type HashTimes } from './hash-times.ts'
import type { HashVerifier } from './verifiers/hash-verifier.ts'

export interface PasswordHasher {
  /** @returns Django's encoding, `argon2$argon2id$v=19$m=…,t=…,p=…$salt$hash` */
  hash(password: string): Promise<string>
  /**
   * Takes all encodings of Django that `describeHash` calls usable; any other never matches, at no cost.
   * Who must not tell by the time whether an account has a password asks `verifyNobody` for those.
   */
  verify(password: string, encoded: string): Promise<boolean>
  /** Takes as long as `verify` does with a hash of `hash`, for an account that does not exist. */
  verifyNobody(password: string): Promise<false>
  /**
   * To be waited for once nobody gets in: for as long as a hash was verified sooner than the slowest kind that was met.
   * An imported hash takes ten times as long as one of ours, which would tell that there is such an account.
   * @param encoded what was verified; nobody's where there is none
   */
  evenOut(encoded?: string): Promise<void>
  /** Whether a password that matched should be hashed anew: by another algorithm, or other parameters, than `hash` uses. */
  needsRehash(encoded: string): boolean
}

/**
 * OWASP's first choice for argon2id, the Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
 * Algorithm 2 is argon2id: the library's name for it is a const enum, which stripped types leave without a value.
 */
const PARAMETERS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Django prefixes each hash with the name of its algorithm; argon2's own encoding follows. */
const PREFIX = 'argon2'

/** What `hash` returns: salts of 16 bytes, hashes of 32. */
const CURRENT = /^argon2\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/

/** The hash, by the same parameters, of 32 random bytes that were thrown away. */
const NOBODY =
  'argon2$argon2id$v=19$m=19456,t=2,p=1$ryK55w3rX0HFBBvhqMslpw$AdCSqQ8ZZiKiez+KEBachUARTcphL6Ng4oweQHzof4c'

/**
 * Makes argon2id hashes and verifies those and Django's, on threads beside the event loop.
 * @param queue runs a few at a time: each takes 19 MiB, one of Django's up to 256
 * @param times of the hashes that are verified
 * @param wait milliseconds
 */
export function createPasswordHasher(
  queue: BoundedQueue,
  times: HashTimes = createHashTimes(),
  wait: (ms: number) => Promise<unknown> = setTimeout
): PasswordHasher {
  async function verify(password: string, encoded: string): Promise<boolean> {
    const stored = readHash(encoded)
    if (!stored.usable) return false
    return queue.run(() => times.measure(kindOf(stored), () => stored.matches(Buffer.from(password))))
  }

  return {
    hash: async (password) => PREFIX + (await queue.run(() => hash(password, PARAMETERS))),
    verify,
    async verifyNobody(password) {
      await verify(password, NOBODY)
      return false
    },
    async evenOut(encoded = NOBODY) {
      const stored = readHash(encoded)
      const ms = stored.usable ? times.aheadMs(kindOf(stored)) : 0
      if (ms > 0) await wait(ms)
    },
    needsRehash: (encoded) => !CURRENT.test(encoded)
  }
}

const kindOf = ({ algorithm, cost }: HashVerifier): string => `${algorithm} ${cost}`
