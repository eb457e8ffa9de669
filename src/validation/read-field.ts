import { parse as secureJsonParse } from 'secure-json-parse'
import type { FieldKind } from './prepare-field.ts'

const IGNORE_PROTOTYPES = { protoAction: 'remove', constructorAction: 'remove' } as const

/** What Django REST Framework 3.16 takes for a yes and a no (`rest_framework.fields.BooleanField`). */
const YES = new Set<unknown>(['t', 'y', 'yes', 'true', 'on', '1', 1, true])
const NO = new Set<unknown>(['f', 'n', 'no', 'false', 'off', '0', 0, false])

const INTEGER = /^[-+]?\d{1,16}(?:\.0*)?$/
const NUMBER = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i
/** A text that is longer is no number that anybody meant. */
const MAX_NUMBER_CHARACTERS = 100

/**
 * Makes what reads a field that is no text: forms have nothing but texts, and Django REST Framework takes texts of JSON
 * likewise. What can't be read is left as it is, and refused by its type.
 */
export function fieldReader(
  kind: Exclude<FieldKind, 'string'>,
  { choices = [], nullable }: { choices?: readonly unknown[]; nullable: boolean }
): (value: unknown) => unknown {
  const read = readers[kind](choices)
  // An empty value is how a form says null.
  return (value) => (value === '' && nullable ? null : read(value))
}

type Read = (value: unknown) => unknown

const readers: Record<Exclude<FieldKind, 'string'>, (choices: readonly unknown[]) => Read> = {
  boolean: () => (value) => {
    const known = typeof value === 'string' ? value.trim().toLowerCase() : value
    if (YES.has(known)) return true
    return NO.has(known) ? false : value
  },
  integer: () => (value) => readNumber(value, INTEGER),
  number: () => (value) => readNumber(value, NUMBER),
  choice: (choices) => (value) => {
    if (typeof value !== 'string' && typeof value !== 'number') return value
    const found = choices.find((one) => one !== null && String(one) === String(value))
    return found ?? value
  },
  json: () => (value) => {
    if (typeof value !== 'string') return value
    try {
      return secureJsonParse(value, undefined, IGNORE_PROTOTYPES)
    } catch {
      return value
    }
  }
}

function readNumber(value: unknown, form: RegExp): unknown {
  if (typeof value !== 'string' || value.length > MAX_NUMBER_CHARACTERS || !form.test(value.trim()))
    return value
  const number = Number(value)
  return Number.isFinite(number) ? number : value
}
