import { type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import type { HashReader } from './hash-verifier.ts'
import { decodeBase64 } from './strict-base64.ts'

/** N·r, in blocks of 128 bytes: 128 MiB, which OWASP's first choice for scrypt takes (N=2^17, r=8, p=1). */
const MAX_MEMORY_BLOCKS = 2 ** 20

/** N·r·p, six times Django's N=2^14, r=8, p=5; about one and a half seconds. */
const MAX_WORK_BLOCKS = 2 ** 22

/** Beside N·r·p these cost memory and time of their own, 128·r·p bytes to fill. */
const MAX_BLOCK_SIZE = 32
const MAX_PARALLELISM = 16

const HASH_BYTES = 64

/** `N$salt$r$p$hash` */
const FIELDS = /^([1-9]\d*)\$([^$]+)\$([1-9]\d*)\$([1-9]\d*)\$([^$]+)$/

/** Reads `scrypt$…`: django.contrib.auth.hashers 5.2, ScryptPasswordHasher. */
export const readScrypt: HashReader = (fields) => {
  const [, cost, salt = '', blockSize, parallelism, hash = ''] = FIELDS.exec(fields) ?? []
  const expected = decodeBase64(hash)
  if (expected?.length !== HASH_BYTES) return 'malformed'
  const [N, r, p] = [Number(cost), Number(blockSize), Number(parallelism)]
  if (r > MAX_BLOCK_SIZE || p > MAX_PARALLELISM) return 'over_cap'
  if (N * r > MAX_MEMORY_BLOCKS || N * r * p > MAX_WORK_BLOCKS) return 'over_cap'
  if (!isCost(N, r)) return 'malformed'
  // OpenSSL refuses what needs more than 32 MiB unless it is told how much that will be.
  const options = { N, r, p, maxmem: 128 * r * (N + p + 2) }
  return {
    algorithm: 'scrypt',
    cost: `${N},${r},${p}`,
    matches: async (password) => timingSafeEqual(await derive(password, salt, options), expected)
  }
}

/** RFC 7914, section 6: a power of two above 1 and below 2^(128·r/8). */
function isCost(N: number, r: number): boolean {
  return N > 1 && Number.isInteger(Math.log2(N)) && N < 2 ** (16 * r)
}

function derive(password: Buffer, salt: string, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)))
  })
}
