import type { JWK } from 'jose'
import { MAX_KID_CHARACTERS } from './compact-token.ts'
import { isWeakModulus } from './weak-modulus.ts'

/** RFC 7518, 3.3; and beyond it a verification takes long. */
const [MIN_RSA_BITS, MAX_RSA_BITS] = [2048, 8192]
/** In base64url, with a byte of zeros in front, as some write it. */
const MAX_RSA_CHARACTERS = Math.ceil(((MAX_RSA_BITS / 8 + 1) * 4) / 3)

/** Members that only private and symmetric keys have (RFC 7518, 6.2.2, 6.3.2 and 6.4). */
const SECRET = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/**
 * Those keys of a set that signatures may be verified by: public ones of the kinds that the algorithms take, of a size that
 * is safe, and not for other uses (RFC 7517, 4). A private or a symmetric key that is published proves nothing any more.
 * @returns copies with what verifying takes only; undefined where it is no set of keys
 */
export function findUsableKeys(set: unknown): { keys: JWK[] } | undefined {
  const keys: unknown = isObject(set) ? set.keys : undefined
  return Array.isArray(keys) ? { keys: keys.flatMap((key: unknown) => readKey(key) ?? []) } : undefined
}

function readKey(key: unknown): JWK | undefined {
  if (!isObject(key) || SECRET.some((name) => Object.hasOwn(key, name))) return undefined
  const material = readMaterial(key)
  return material && isForVerifying(key) ? { ...material, ...readNames(key) } : undefined
}

function isForVerifying({ use, key_ops, alg, kid }: Record<string, unknown>): boolean {
  if (use !== undefined && use !== 'sig') return false
  if (key_ops !== undefined && !(Array.isArray(key_ops) && key_ops.includes('verify'))) return false
  if (alg !== undefined && typeof alg !== 'string') return false
  return kid === undefined || (typeof kid === 'string' && kid.length <= MAX_KID_CHARACTERS)
}

function readNames({ alg, kid }: Record<string, unknown>): Pick<JWK, 'alg' | 'kid'> {
  return { ...(typeof alg === 'string' && { alg }), ...(typeof kid === 'string' && { kid }) }
}

function readMaterial({ kty, crv, n, e, x, y }: Record<string, unknown>): JWK | undefined {
  if (kty === 'RSA' && typeof n === 'string' && typeof e === 'string')
    return isSafeRsa(n, e) ? { kty, n, e } : undefined
  if (kty === 'EC' && crv === 'P-256' && typeof x === 'string' && typeof y === 'string')
    return { kty, crv, x, y }
  if (kty === 'OKP' && crv === 'Ed25519' && typeof x === 'string') return { kty, crv, x }
  return undefined
}

/** An exponent of 1 makes every text its own signature; more than 32 bits nobody has, and they are slow. */
function isSafeRsa(modulus: string, exponent: string): boolean {
  if (modulus.length > MAX_RSA_CHARACTERS || exponent.length > MAX_RSA_CHARACTERS) return false
  const [n, e] = [toNumber(modulus), toNumber(exponent)]
  const [bits, exponentBits] = [n.toString(2).length, e.toString(2).length]
  const isSized = bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS && exponentBits > 1 && exponentBits <= 32
  return isSized && n % 2n === 1n && e % 2n === 1n && !isWeakModulus(n)
}

const toNumber = (text: string) => BigInt(`0x0${Buffer.from(text, 'base64url').toString('hex')}`)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
