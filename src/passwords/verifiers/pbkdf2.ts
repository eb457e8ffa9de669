import { pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { HashReader } from './hash-verifier.ts'
import { decodeBase64 } from './strict-base64.ts'

/** Ten times what Django 5.2 asks for; about two seconds. */
const MAX_ITERATIONS = 10_000_000

/** `iterations$salt$hash` */
const FIELDS = /^([1-9]\d*)\$([^$]+)\$([^$]+)$/

const DIGESTS = {
  pbkdf2_sha256: { digest: 'sha256', hashBytes: 32 },
  pbkdf2_sha1: { digest: 'sha1', hashBytes: 20 }
} as const

/** Reads `pbkdf2_sha256$…` or `pbkdf2_sha1$…`: django.contrib.auth.hashers 5.2, PBKDF2PasswordHasher. */
export function createPbkdf2Reader(algorithm: keyof typeof DIGESTS): HashReader {
  const { digest, hashBytes } = DIGESTS[algorithm]
  return (fields) => {
    const [, digits, salt = '', hash = ''] = FIELDS.exec(fields) ?? []
    const expected = decodeBase64(hash)
    if (expected?.length !== hashBytes) return 'malformed'
    const iterations = Number(digits)
    if (iterations > MAX_ITERATIONS) return 'over_cap'
    return {
      algorithm,
      cost: String(iterations),
      async matches(password) {
        const derived = await promisify(pbkdf2)(password, salt, iterations, hashBytes, digest)
        return timingSafeEqual(derived, expected)
      }
    }
  }
}
