import { randomBytes } from 'node:crypto'
import type { UntrustedClaims } from '../tokens/claims.ts'
import { strip } from '../validation/normalise.ts'
import { isEmail } from '../validation/text-formats.ts'
import { own } from './access-claims.ts'
import type { NamedClaims } from './jwks-options.ts'

/** Code points of the fields, as the update takes them. */
export const MAX_CHARACTERS = { username: 150, email: 200, firstName: 200, lastName: 200 }

/** The texts of a new user, valid as an update's have to be. */
export interface ClaimedProfile {
  /** Undefined where it is missing, not valid, or not known to be theirs. */
  email: string | undefined
  /** To be tried in this order: the last ones are most likely free. */
  usernames: string[]
  firstName: string
  lastName: string
}

/**
 * What a token says of its user, made valid where that does no harm: names are cut or left out, usernames cleaned. An email
 * is taken as it is or not at all, and not where the provider says that it did not verify it.
 */
export function readProfile(claims: UntrustedClaims, names: NamedClaims): ClaimedProfile {
  const email = readEmail(own(claims, names.email), own(claims, 'email_verified'))
  const wanted = [own(claims, names.username), email?.slice(0, email.lastIndexOf('@'))]
  return {
    email,
    usernames: inventUsernames(wanted.flatMap((one) => cleanUsername(one) ?? [])),
    firstName: readName(own(claims, names.firstName), MAX_CHARACTERS.firstName),
    lastName: readName(own(claims, names.lastName), MAX_CHARACTERS.lastName)
  }
}

/** A provider that says nothing of verifying vouches for its emails; Cognito writes the claim as a text. */
function readEmail(claim: unknown, verified: unknown = true): string | undefined {
  if (typeof claim !== 'string' || (verified !== true && verified !== 'true')) return undefined
  const email = strip(claim)
  const isValid = isEmail(email) && isStorable(email) && [...email].length <= MAX_CHARACTERS.email
  return isValid ? email : undefined
}

function readName(claim: unknown, max: number): string {
  return typeof claim === 'string' && isStorable(claim) ? strip(cut(strip(claim), max)) : ''
}

const isStorable = (text: string) => text.isWellFormed() && !text.includes('\0')

const cut = (text: string, max: number) => [...text].slice(0, max).join('')

/** A username of the letters that one may have; what lies between them becomes a hyphen. */
function cleanUsername(claim: unknown): string | undefined {
  if (typeof claim !== 'string') return undefined
  // Cut before as well: normalising takes a time that grows with the square of a run of combining marks.
  const text = cut(claim, 4 * MAX_CHARACTERS.username).normalize('NFKC')
  const clean = text.replace(/[^\p{L}\p{N}_.@+-]+/gu, '-').replace(/^-+|(?<!-)-+$/g, '')
  return cut(clean, MAX_CHARACTERS.username) || undefined
}

function inventUsernames(wanted: string[]): string[] {
  const [first] = wanted
  const suffix = `-${randomBytes(3).toString('hex')}`
  const likeFirst = first === undefined ? [] : [cut(first, MAX_CHARACTERS.username - suffix.length) + suffix]
  return [...wanted, ...likeFirst, `user-${randomBytes(8).toString('hex')}`]
}
