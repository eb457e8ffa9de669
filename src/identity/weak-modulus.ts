/** The first odd primes: all that the moduli in question of the shortest keys were made with. */
const PRIMES = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107,
  109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167
]
const GENERATOR = 65_537

/**
 * Whether an RSA modulus is of the kind that Infineon's library made and that can be factored (CVE-2017-15361): modulo every
 * small prime it is a power of 65537 (Nemec et al., The Return of Coppersmith's Attack, CCS 2017, section 3.2). Of other
 * moduli about one in 240 million is.
 */
export const isWeakModulus = (modulus: bigint): boolean =>
  PRIMES.every((prime) => powersModulo(prime).has(Number(modulus % BigInt(prime))))

function powersModulo(prime: number): Set<number> {
  const powers = new Set<number>()
  for (let power = 1; !powers.has(power); power = (power * (GENERATOR % prime)) % prime) powers.add(power)
  return powers
}
