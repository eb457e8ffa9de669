import { inspect } from 'node:util'
import { RANGES } from '../defaults.ts'
import { isOfUsers, isRateLimitKind, RATE_LIMITS, type RateLimitKind } from '../rate-limits.ts'
import { OptionError } from './option-error.ts'

/** What an option takes: undefined where the value will do, else what was expected. */
export type OptionRule = (value: unknown) => string | undefined

/** A value as an error may show it: short, and not of a secret. */
const shown = (value: unknown) => inspect(value, { depth: 0, maxStringLength: 60, breakLength: Infinity })

const rule =
  (expected: string, holds: (value: unknown) => boolean): OptionRule =>
  (value) =>
    holds(value) ? undefined : `expected ${expected}, not ${shown(value)}`

export const aBoolean = rule('true or false', (value) => typeof value === 'boolean')

export const aFunction = rule('a function', (value) => typeof value === 'function')

export const aText = rule('a text that is not empty', (value) => typeof value === 'string' && value !== '')

/** Below the prefix that the plugin was registered with: `/api`, or nothing. */
export const aPath = rule(
  'a path such as /api, or an empty text',
  (value) => typeof value === 'string' && /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)*$/.test(value)
)

export const aFolderPath = rule(
  'a path such as /media/, with slashes at both ends',
  (value) => typeof value === 'string' && /^(?:\/(?!\.{1,2}\/)[\w.~-]+)+\/$/.test(value)
)

/** Of it nothing is shown. */
export const aSecret: OptionRule = (value) =>
  typeof value === 'string' && value.length >= 32 ? undefined : 'expected a text of at least 32 characters'

export const aNumber = (name: keyof typeof RANGES): OptionRule => {
  const [min, max] = RANGES[name]
  return rule(
    `a whole number from ${min} to ${max}`,
    (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max
  )
}

export const anObject = rule('an object', (value) => isObject(value))

/** Requests a minute by kind: `{ signIn: { address: 300 } }`. */
export const someLimits = rule(
  `requests a minute such as { signIn: { address: 300 } }, of the kinds ${Object.keys(RATE_LIMITS).join(', ')}`,
  (value) =>
    isObject(value) &&
    Object.entries(value).every(
      ([kind, limit]) => isRateLimitKind(kind) && isObject(limit) && isLimit(kind, limit)
    )
)

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const isLimit = (kind: RateLimitKind, limit: object) =>
  Object.entries(limit).every(
    ([by, max]) =>
      (by === 'address' || (by === 'user' && isOfUsers(kind))) && Number.isInteger(max) && max > 0
  )

/** An object with functions of these names. */
export const aPort = (...methods: readonly string[]): OptionRule =>
  rule(portOf(methods), (value) => hasAll(value, methods))

/** The same, of which nothing is shown: what was given instead may hold a password. */
export const aConnection =
  (...methods: readonly string[]): OptionRule =>
  (value) =>
    hasAll(value, methods) ? undefined : `expected ${portOf(methods)}`

const portOf = (methods: readonly string[]) => `an object with the methods ${methods.join(', ')}`

const hasAll = (value: unknown, methods: readonly string[]) =>
  isObject(value) && methods.every((method) => typeof Reflect.get(value, method) === 'function')

/** The options that were given: one that is undefined has its default. */
export const givenOptions = <Options extends object>(options: Options): Options =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options

/** What Fastify itself reads of any plugin's options. */
const FASTIFYS = new Set(['prefix', 'logLevel', 'logSerializers'])

/**
 * Checks options by their rules; an option that is undefined counts as not given.
 * @param required those that have to be given
 * @throws {OptionError} of the first that is wrong, that there is not, or that is missing
 */
export function checkOptions(
  options: object,
  rules: Readonly<Record<string, OptionRule>>,
  required: readonly string[] = []
): void {
  for (const [name, value] of Object.entries(options)) {
    if (FASTIFYS.has(name)) continue
    const judge = Object.hasOwn(rules, name) ? rules[name] : undefined
    if (!judge) throw new OptionError(name, 'there is no such option')
    const wrong = value === undefined ? undefined : judge(value)
    if (wrong !== undefined) throw new OptionError(name, wrong)
  }
  const missing = required.find((name) => Reflect.get(options, name) === undefined)
  if (missing !== undefined) throw new OptionError(missing, 'has to be given')
}
