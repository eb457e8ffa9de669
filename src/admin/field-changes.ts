import { isDeepStrictEqual } from 'node:util'
import type { FieldChanges } from './audit-log.ts'

/** Of a host's field there may be 64 KiB; to know what was done, its beginning will do. */
const MAX_VALUE_CHARACTERS = 1000

/**
 * Old and new values of the fields that differ; null where none does.
 * @param before a user as answers show one, likewise `after`
 */
export function fieldChanges(before: object, after: object): FieldChanges | null {
  const changed = Object.entries(after).flatMap(([name, value]) => {
    const old: unknown = Reflect.get(before, name)
    return isDeepStrictEqual(old, value) ? [] : [[name, [shortened(old), shortened(value)]] as const]
  })
  return changed.length === 0 ? null : Object.fromEntries(changed)
}

/** Those of the changes that are of the same fields as the others. */
export function ofSameFields(changes: FieldChanges | null, others: FieldChanges): FieldChanges | null {
  const kept = Object.entries(changes ?? {}).filter(([name]) => Object.hasOwn(others, name))
  return kept.length === 0 ? null : Object.fromEntries(kept)
}

function shortened(value: unknown): unknown {
  const text = JSON.stringify(value) ?? ''
  return text.length <= MAX_VALUE_CHARACTERS
    ? value
    : `${text.slice(0, MAX_VALUE_CHARACTERS).toWellFormed()}…`
}
