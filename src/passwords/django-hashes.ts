import { readArgon2 } from './verifiers/argon2.ts'
import { createBcryptReader } from './verifiers/bcrypt.ts'
import type { HashAlgorithm, HashReader, HashVerifier } from './verifiers/hash-verifier.ts'
import { createPbkdf2Reader } from './verifiers/pbkdf2.ts'
import { readScrypt } from './verifiers/scrypt.ts'

/**
 * Why no password will ever match an encoded hash:
 * - `unusable`: the account has no password, by Django's `set_unusable_password` or because the text is empty
 * - `unknown`: of an algorithm that is not verified, such as `md5`, or no hash at all
 * - `over_cap`: would take more time or memory than any hash may
 * - `malformed`: of a known algorithm, but cut off or garbled
 */
export type NoMatchReason = 'unusable' | 'unknown' | 'over_cap' | 'malformed'

interface NoMatch {
  usable: false
  reason: NoMatchReason
}

/** Whether passwords can be compared with an encoded hash. */
export type HashDescription = { usable: true; algorithm: HashAlgorithm } | NoMatch

/** Django's column has 128 characters by default. */
const MAX_LENGTH = 1024

const READERS = new Map<string, HashReader>([
  ['pbkdf2_sha256', createPbkdf2Reader('pbkdf2_sha256')],
  ['pbkdf2_sha1', createPbkdf2Reader('pbkdf2_sha1')],
  ['argon2', readArgon2],
  ['scrypt', readScrypt],
  ['bcrypt_sha256', createBcryptReader('bcrypt_sha256')],
  ['bcrypt', createBcryptReader('bcrypt')]
])

/** Reads a hash as `django.contrib.auth.hashers` 5.2 encodes it: an algorithm's name, `$`, and what is the algorithm's. */
export function readHash(encoded: string): ({ usable: true } & HashVerifier) | NoMatch {
  if (encoded === '' || encoded.startsWith('!')) return { usable: false, reason: 'unusable' }
  const [name = ''] = encoded.split('$', 1)
  const read = READERS.get(name)
  if (!read) return { usable: false, reason: 'unknown' }
  if (encoded.length > MAX_LENGTH) return { usable: false, reason: 'malformed' }
  const result = read(encoded.slice(name.length + 1))
  return typeof result === 'string' ? { usable: false, reason: result } : { usable: true, ...result }
}

/** Whether passwords can be compared with a hash, told without comparing any. */
export function describeHash(encoded: string): HashDescription {
  const hash = readHash(encoded)
  return hash.usable ? { usable: true, algorithm: hash.algorithm } : hash
}
