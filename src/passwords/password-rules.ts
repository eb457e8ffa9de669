import { commonPasswords } from './common-passwords.ts'

/** What a password is compared with, so that it does not repeat them. */
export interface PasswordOwner {
  username?: string | undefined
  email?: string | undefined
  firstName?: string | undefined
  lastName?: string | undefined
}

const MIN_LENGTH = 8
const MAX_SIMILARITY = 0.7

/** Django's verbose names of the fields, in its order. */
const ATTRIBUTES = [
  ['username', 'username'],
  ['firstName', 'first name'],
  ['lastName', 'last name'],
  ['email', 'email address']
] as const

/** The sentences of Django's four password validators that a password earns; none for a good one. */
export async function findPasswordProblems(password: string, owner: PasswordOwner): Promise<string[]> {
  const problems: string[] = []
  const similar = ATTRIBUTES.find(([field]) => isSimilar(password, owner[field]))
  if (similar) problems.push(`The password is too similar to the ${similar[1]}.`)
  if ([...password].length < MIN_LENGTH) {
    problems.push(`This password is too short. It must contain at least ${MIN_LENGTH} characters.`)
  }
  if ((await commonPasswords()).has(password.toLowerCase().trim()))
    problems.push('This password is too common.')
  if (/^\p{Nd}+$/u.test(password)) problems.push('This password is entirely numeric.')
  return problems
}

function isSimilar(password: string, attribute: string | undefined): boolean {
  if (!attribute) return false
  const lower = attribute.toLowerCase()
  const candidate = password.toLowerCase()
  return [...lower.split(/[^\p{L}\p{N}_]+/u), lower].some(
    (part) => !isMuchShorter(part, candidate) && sharedRatio(candidate, part) >= MAX_SIMILARITY
  )
}

/** A short part of a long password says nothing about it. */
function isMuchShorter(part: string, password: string): boolean {
  return password.length >= 10 * part.length && part.length < (MAX_SIMILARITY / 2) * password.length
}

/** Twice the characters that both have, whatever their order, over all characters: Python's `quick_ratio`. */
function sharedRatio(one: string, other: string): number {
  const [a, b] = [[...one], [...other]]
  if (a.length + b.length === 0) return 1
  const available = new Map<string, number>()
  for (const character of b) available.set(character, (available.get(character) ?? 0) + 1)
  let shared = 0
  for (const character of a) {
    const left = available.get(character) ?? 0
    if (left > 0) shared++
    available.set(character, left - 1)
  }
  return (2 * shared) / (a.length + b.length)
}
