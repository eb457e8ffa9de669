import type { FieldChanges } from '../admin/audit-log.ts'
import { readObject } from './json-texts.ts'

/** Of each old and each new value, as much as is kept, in UTF-16 code units. */
const MAX_VALUE_CHARACTERS = 1000
const MAX_FIELDS = 100

/** Changes as JSON: of long values the beginning. */
export function writeChanges(changes: FieldChanges | null): string | null {
  if (changes === null) return null
  const bounded = Object.entries(changes)
    .slice(0, MAX_FIELDS)
    .map(([field, [before, after]]) => [field, [bound(before), bound(after)]])
  return JSON.stringify(Object.fromEntries(bounded))
}

/** Out of their JSON; none of a text that somebody has damaged. */
export function readChanges(text: string): FieldChanges {
  const pairs = Object.entries(readObject(text)).filter(
    ([, pair]) => Array.isArray(pair) && pair.length === 2
  )
  return Object.fromEntries(pairs) as FieldChanges
}

/** @returns a value of JSON */
function bound(value: unknown): unknown {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null')
  if (text.length > MAX_VALUE_CHARACTERS) return `${cut(text)}…`
  return value ?? null
}

/** Not within a character. */
const cut = (text: string) => text.slice(0, MAX_VALUE_CHARACTERS).replace(/[\ud800-\udbff]$/, '')
