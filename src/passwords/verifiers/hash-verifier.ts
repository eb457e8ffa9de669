/** The algorithms that are verified, by the names that Django's encodings begin with. */
export type HashAlgorithm = 'pbkdf2_sha256' | 'pbkdf2_sha1' | 'argon2' | 'scrypt' | 'bcrypt_sha256' | 'bcrypt'

/** One encoded hash, read and within the limits. */
export interface HashVerifier {
  algorithm: HashAlgorithm
  /** What the work depends on: those with the same take the same time. */
  cost: string
  /**
   * Heavy, but on libuv's threads; compares in constant time.
   * @param password in UTF-8, not normalised, as Django has it
   */
  matches(password: Buffer): Promise<boolean>
}

/**
 * Reads what follows the algorithm's name and its `$`, without doing any of the work it asks for.
 * Only what an encoder writes is read: Django compares whole texts, so a number with a leading zero or Base64 without
 * its padding matches nothing there either.
 */
export type HashReader = (fields: string) => HashVerifier | 'malformed' | 'over_cap'
