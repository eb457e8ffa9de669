import { timingSafeEqual } from 'node:crypto'
import { hashRaw } from '@node-rs/argon2'
import type { HashReader } from './hash-verifier.ts'
import { decodeBareBase64 } from './strict-base64.ts'

/** 256 MiB, two and a half times what Django asks for. */
const MAX_MEMORY_KIB = 262_144

/** Memory times passes, five times Django's 100 MiB twice; about a second. */
const MAX_WORK_KIB = 2 ** 20

/** Passes over little memory still have each of their lanes started and waited for. */
const MAX_PASSES = 64
const MAX_LANES = 16

/** RFC 9106, section 3.1: the least of a salt, and of memory for each lane. */
const MIN_SALT_BYTES = 8
const MIN_LANE_KIB = 8

/** argon2-cffi's length before its version 21.2, and one that nobody needs more than. */
const MIN_HASH_BYTES = 16
const MAX_HASH_BYTES = 64

/** The encoding of the Argon2 reference implementation, without its first `$`. The oldest one names no version. */
const FIELDS =
  /^(argon2id|argon2i|argon2d)\$(?:v=(16|19)\$)?m=([1-9]\d*),t=([1-9]\d*),p=([1-9]\d*)\$([^$]+)\$([^$]+)$/

/** The library's names for these are const enums, which stripped types leave without a value. */
const VARIANTS = new Map([
  ['argon2d', 0],
  ['argon2i', 1],
  ['argon2id', 2]
])
const VERSION_16 = 0
const VERSION_19 = 1

/** Reads `argon2$argon2id$…` and its other variants: django.contrib.auth.hashers 5.2, Argon2PasswordHasher. */
export const readArgon2: HashReader = (fields) => {
  const [, variant = '', version, memory, passes, lanes, salt = '', hash = ''] = FIELDS.exec(fields) ?? []
  const algorithm = VARIANTS.get(variant)
  const [saltBytes, expected] = [decodeBareBase64(salt), decodeBareBase64(hash)]
  if (algorithm === undefined || !saltBytes || !expected) return 'malformed'
  if (saltBytes.length < MIN_SALT_BYTES) return 'malformed'
  if (expected.length < MIN_HASH_BYTES || expected.length > MAX_HASH_BYTES) return 'malformed'
  const [memoryCost, timeCost, parallelism] = [Number(memory), Number(passes), Number(lanes)]
  if (memoryCost > MAX_MEMORY_KIB || timeCost > MAX_PASSES || parallelism > MAX_LANES) return 'over_cap'
  if (memoryCost * timeCost > MAX_WORK_KIB) return 'over_cap'
  if (memoryCost < MIN_LANE_KIB * parallelism) return 'malformed'
  const options = {
    algorithm,
    version: version === '19' ? VERSION_19 : VERSION_16,
    memoryCost,
    timeCost,
    parallelism,
    salt: saltBytes,
    outputLen: expected.length
  }
  return {
    algorithm: 'argon2',
    cost: `${memoryCost},${timeCost},${parallelism}`,
    matches: async (password) => timingSafeEqual(await hashRaw(password, options), expected)
  }
}
