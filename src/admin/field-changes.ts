import { isDeepStrictEqual } from 'node:util'
import type { FieldChanges } from './audit-log.ts'

/**
 * Old and new values of the fields that differ; null where none does.
 * @param before a user as answers show one, likewise `after`
 */
export function fieldChanges(before: object, after: object): FieldChanges | null {
  const changed = Object.entries(after).flatMap(([name, value]) => {
    const old: unknown = Reflect.get(before, name)
    return isDeepStrictEqual(old, value) ? [] : [[name, [old, value]] as const]
  })
  return changed.length === 0 ? null : Object.fromEntries(changed)
}

/** Those of the changes that are of the same fields as the others. */
export function ofSameFields(changes: FieldChanges | null, others: FieldChanges): FieldChanges | null {
  const kept = Object.entries(changes ?? {}).filter(([name]) => Object.hasOwn(others, name))
  return kept.length === 0 ? null : Object.fromEntries(kept)
}
