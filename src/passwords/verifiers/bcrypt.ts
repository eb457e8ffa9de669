import { createHash, timingSafeEqual } from 'node:crypto'
import type { HashReader } from './hash-verifier.ts'

/** Each step doubles the work: eight times Django's 12, about two seconds. */
const MAX_COST = 15
const MIN_COST = 4
/** The largest cost that bcrypt knows. */
const LAST_COST = 31

/**
 * `$2b$12$`, a salt of 16 bytes and a hash of 23, in bcrypt's own Base64; the last character of each has bits to spare,
 * which are 0. `2a` and `2y` are older names, which the library under Django takes for the same.
 */
const FIELDS = /^\$2[aby]\$(\d\d)\$([./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26])$/

/**
 * Reads `bcrypt_sha256$$2b$…`, for which bcrypt gets the password's SHA-256 in hex, or plain `bcrypt$$2b$…`:
 * django.contrib.auth.hashers 5.2, BCryptSHA256PasswordHasher and BCryptPasswordHasher.
 *
 * Plain bcrypt knows 72 bytes of a password, and so did Django: a longer one is judged by those.
 * It also repeats a password with a NUL after it until there are 72, so `a` and `a\0a` would be one: there no password with
 * a NUL matches.
 */
export function createBcryptReader(algorithm: 'bcrypt_sha256' | 'bcrypt'): HashReader {
  return (fields) => {
    const [, digits, saltAndHash = ''] = FIELDS.exec(fields) ?? []
    const cost = Number(digits)
    if (!(cost >= MIN_COST && cost <= LAST_COST)) return 'malformed'
    if (cost > MAX_COST) return 'over_cap'
    const expected = `$2b$${digits}$${saltAndHash}`
    return {
      algorithm,
      cost: String(cost),
      async matches(password) {
        const input = algorithm === 'bcrypt' ? password : hexDigest(password)
        if (input.includes(0)) return false
        // Loaded by who needs it: most services never meet such a hash.
        const { default: bcrypt } = await import('bcrypt')
        // Not its `compare`, which stops at the first character that differs.
        const derived = await bcrypt.hash(input, expected)
        return timingSafeEqual(Buffer.from(derived), Buffer.from(expected))
      }
    }
  }
}

function hexDigest(password: Buffer): Buffer {
  return Buffer.from(createHash('sha256').update(password).digest('hex'))
}
