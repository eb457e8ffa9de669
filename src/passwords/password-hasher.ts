import { hash, verify } from '@node-rs/argon2'
import type { BoundedQueue } from '../bounded-queue.ts'

export interface PasswordHasher {
  /** @returns Django's encoding, `argon2$argon2id$v=19$m=…,t=…,p=…$salt$hash` */
  hash(password: string): Promise<string>
  /** An encoding that is not known never matches. */
  verify(password: string, encoded: string): Promise<boolean>
  /** Whether an encoding is of another kind, or other parameters, than new ones. */
  needsRehash(encoded: string): boolean
  /** Takes as long as `verify` does, for an account that does not exist. */
  verifyNobody(password: string): Promise<false>
}

/**
 * OWASP's first choice for argon2id, the Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
 * Algorithm 2 is argon2id: the library's name for it is a const enum, which stripped types leave without a value.
 */
const PARAMETERS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Django prefixes each hash with the name of its algorithm; argon2's own encoding follows. */
const PREFIX = 'argon2'

/** The encoding of the Argon2 reference implementation, for any of its variants. */
const ENCODED = /^\$argon2(?:id|i|d)\$v=\d+\$m=\d+,t=\d+,p=\d+\$[\w+/]+\$[\w+/]+$/

/** The hash, by the same parameters, of 32 random bytes that were thrown away. */
const NOBODY =
  'argon2$argon2id$v=19$m=19456,t=2,p=1$ryK55w3rX0HFBBvhqMslpw$AdCSqQ8ZZiKiez+KEBachUARTcphL6Ng4oweQHzof4c'

/** argon2id, on threads beside the event loop, a few at a time (each takes 19 MiB). */
export function createPasswordHasher(queue: BoundedQueue): PasswordHasher {
  const encode = async (password: string) => PREFIX + (await queue.run(() => hash(password, PARAMETERS)))

  async function matches(password: string, encoded: string): Promise<boolean> {
    const hashed = encoded.slice(PREFIX.length)
    if (!encoded.startsWith(PREFIX) || !ENCODED.test(hashed)) return false
    return queue.run(() => verify(hashed, password))
  }

  return {
    hash: encode,
    verify: matches,
    needsRehash: (encoded) => !encoded.startsWith('argon2$argon2id$v=19$m=19456,t=2,p=1$'),
    async verifyNobody(password) {
      await matches(password, NOBODY)
      return false
    }
  }
}
