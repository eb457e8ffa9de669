import { foldLookalikes } from './lookalikes.ts'

/** The fields that name one account; each is unique by its key. */
export type IdentityField = 'username' | 'email'

export interface IdentityKeys {
  usernameKey?: string
  emailKey?: string
}

/** Raised with each change of the rule below: keys that are stored are made anew then. */
export const IDENTITY_KEY_RULE = 1

/** Characters that nobody sees: joiners, soft hyphens, marks of direction (Unicode Standard Annex #44). */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu

/** What `İ` is in lower case: an `i` with its dot once more. */
const DOTTED_I = /i\u0307/g

const ASCII = /^[\0-\x7f]*$/

/**
 * What makes two usernames or emails the same: compatibility forms (NFKC), letter case, and letters of other scripts that
 * look like one of ASCII's fold together, and what nobody sees is left out. Lower, upper and lower case again come closest
 * to Unicode's full case folding with what the language has: `ß`, `ẞ` and `SS`, `ı` and `I`, all forms of sigma have one key.
 */
export function identityKey(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase()
  const folded = text.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase()
  // Decomposed: `ё` looks like `ë` as `е` does like `e`.
  const bare = folded.normalize('NFKD').replace(INVISIBLE, '').replace(DOTTED_I, 'i')
  return foldLookalikes(bare).normalize('NFKC')
}

/** The keys of the names that are given. */
export function identityKeys({ username, email }: { username?: string; email?: string }): IdentityKeys {
  return {
    ...(username !== undefined && { usernameKey: identityKey(username) }),
    ...(email !== undefined && { emailKey: identityKey(email) })
  }
}
