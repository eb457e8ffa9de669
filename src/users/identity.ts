/** The fields that name one account; each is unique by its key. */
export type IdentityField = 'username' | 'email'

export interface IdentityKeys {
  usernameKey?: string
  emailKey?: string
}

/**
 * What makes two usernames or emails the same: compatibility forms (NFKC) and letter case fold together.
 * Lower, upper and lower case again come closest to Unicode's full case folding with what the language has:
 * `ß`, `ẞ` and `SS`, `ı` and `I`, all forms of sigma have one key.
 */
export function identityKey(text: string): string {
  return text.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase().normalize('NFKC')
}

/** The keys of the names that are given. */
export function identityKeys({ username, email }: { username?: string; email?: string }): IdentityKeys {
  return {
    ...(username !== undefined && { usernameKey: identityKey(username) }),
    ...(email !== undefined && { emailKey: identityKey(email) })
  }
}
