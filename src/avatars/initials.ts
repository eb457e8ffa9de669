interface Names {
  username: string
  firstName: string
  lastName: string
}

const LETTER = /[\p{L}\p{N}]/u

/** One or two letters or digits that stand for a user: of the first and the last name, or of the username. May be empty. */
export function initialsOf({ username, firstName, lastName }: Names): string {
  const initials = [firstName, lastName].map(initialOf).join('')
  return initials || initialOf(username)
}

/** Composed first, so that an accent is part of its letter; in upper case only where that is one letter too. */
function initialOf(text: string): string {
  const letter = LETTER.exec(text.normalize('NFC'))?.[0] ?? ''
  const upper = letter.toUpperCase()
  return [...upper].length === 1 ? upper : letter
}
