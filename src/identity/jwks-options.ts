import { isIPv4 } from 'node:net'
import { ALGORITHMS, type Algorithm } from './algorithms.ts'

/** Which claims say what. */
export interface ClaimNames {
  /**
   * Our own id of the user, a positive integer (SimpleJWT: `user_id`). Where it is set, the token's subject is not looked at,
   * and nobody is provisioned.
   */
  userId?: string
  /** Who it is at the provider: a text that never becomes somebody else's. @default 'sub' */
  subject?: string
  /** Whom the token is for (Cognito: `client_id`). @default 'aud' */
  audience?: string
  /** @default 'preferred_username' */
  username?: string
  /** @default 'email' */
  email?: string
  /** @default 'given_name' */
  firstName?: string
  /** @default 'family_name' */
  lastName?: string
}

/** The access tokens of an identity provider, verified by the keys that it publishes. */
export interface JwksOptions {
  /** Where the provider publishes its keys (RFC 7517, 5), by HTTPS, or on this machine. */
  url: string
  /** The `iss` of its tokens, exactly. */
  issuer: string
  /** The `aud` of its tokens that are meant for this app, exactly. */
  audience: string
  /** Those of the provider's algorithms that are taken. @default all three */
  algorithms?: readonly Algorithm[]
  claims?: ClaimNames
  /** Whether somebody whom the provider knows and we don't becomes a user at first sight. @default false */
  autoProvision?: boolean
  /** How far the provider's clock may be off, in seconds, 0 to 300. @default 5 */
  clockToleranceSeconds?: number
}

export type JwksSettings = Required<Omit<JwksOptions, 'claims'>> & { claims: NamedClaims }

export type NamedClaims = Required<Omit<ClaimNames, 'userId'>> & Pick<ClaimNames, 'userId'>

export const DEFAULT_CLAIMS: NamedClaims = {
  subject: 'sub',
  audience: 'aud',
  username: 'preferred_username',
  email: 'email',
  firstName: 'given_name',
  lastName: 'family_name'
}

/** Options that were found to be without fault, with their defaults. */
export const withDefaults = ({ claims, ...options }: JwksOptions): JwksSettings => ({
  algorithms: ALGORITHMS,
  autoProvision: false,
  clockToleranceSeconds: 5,
  ...given(options),
  claims: { ...DEFAULT_CLAIMS, ...given(claims ?? {}) }
})

/** What of options is not undefined. */
function given<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T
}

/** What is wrong with an option, and what it takes. */
export interface OptionFault {
  option: string
  expected: string
}

const MAX_TOLERANCE_SECONDS = 300

/** What each option takes; a value that is undefined is judged too where the option has to be given. */
const RULES: Record<string, { expected: string; holds: (value: unknown) => boolean; needed?: true }> = {
  url: { expected: 'an https URL, or an http URL of this machine', holds: isKeyUrl, needed: true },
  issuer: { expected: 'the text that tokens have as iss', holds: isText, needed: true },
  audience: { expected: 'the text that tokens for this app have as aud', holds: isText, needed: true },
  algorithms: { expected: `one or more of ${ALGORITHMS.join(', ')}`, holds: areAlgorithms },
  claims: {
    expected: `names of claims for ${['userId', ...Object.keys(DEFAULT_CLAIMS)].join(', ')}`,
    holds: areClaims
  },
  autoProvision: { expected: 'true or false', holds: (value) => typeof value === 'boolean' },
  clockToleranceSeconds: { expected: `a number from 0 to ${MAX_TOLERANCE_SECONDS}`, holds: isTolerance }
}

/** The first fault of options that come from outside. */
export function findOptionFault(options: object): OptionFault | undefined {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(RULES, name))
  if (unknown !== undefined) return { option: unknown, expected: 'there is no such option' }
  for (const [option, { expected, holds, needed = false }] of Object.entries(RULES)) {
    const value: unknown = Reflect.get(options, option)
    if ((needed || value !== undefined) && !holds(value)) return { option, expected: `expected ${expected}` }
  }
  const { autoProvision, claims }: { autoProvision?: boolean; claims?: ClaimNames } = options
  if (autoProvision === true && claims?.userId !== undefined)
    return { option: 'autoProvision', expected: 'nobody is provisioned where a claim is our own id (userId)' }
  return undefined
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.isWellFormed()
}

/** Over plain HTTP whoever sits between would choose the keys. */
function isKeyUrl(value: unknown): boolean {
  const url = typeof value === 'string' ? URL.parse(value) : null
  if (url?.username !== '' || url.password !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'))
}

function areAlgorithms(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((one) => ALGORITHMS.includes(one))
}

function areClaims(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).every(
    ([name, claim]) =>
      (name === 'userId' || Object.hasOwn(DEFAULT_CLAIMS, name)) && (claim === undefined || isText(claim))
  )
}

function isTolerance(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= MAX_TOLERANCE_SECONDS
}
