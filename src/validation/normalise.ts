import type { TObject } from '@sinclair/typebox'
import type { FieldKind } from './prepare-field.ts'
import { fieldReader } from './read-field.ts'
import { numberAsText } from './written-numbers.ts'

/** Makes the object that is validated and handed on from what came: only declared fields, never the input itself. */
type Normaliser = (body: object) => Record<string, unknown>

/**
 * Prepares a body as Django REST Framework's fields do before they validate: texts are trimmed, numbers become
 * their text where that is exact. Read once from the schema, so that a request pays for nothing but its own fields.
 */
export function compileNormaliser(schema: TObject): Normaliser {
  const fields = Object.entries(schema.properties).map(([name, field]) => ({
    name,
    normalise: fieldNormaliser(field)
  }))
  return (body) => {
    const normalised: Record<string, unknown> = {}
    for (const { name, normalise } of fields) {
      if (!Object.hasOwn(body, name)) continue
      const value: unknown = Reflect.get(body, name)
      normalised[name] = normalise(value, name, body)
    }
    return normalised
  }
}

type NormaliseField = (value: unknown, name: string, body: object) => unknown

function fieldNormaliser(field: Record<string, unknown>): NormaliseField {
  // An empty value is how a form says null.
  if (field.uploadedFile) return (value) => (value === '' ? null : value)
  if (isExtra(field.extraField) && field.extraField !== 'string')
    return fieldReader(field.extraField, { nullable: isNullable(field), choices: choicesOf(field) })
  const types = [field.type].flat()
  if (!types.includes('string')) return (value) => value
  const trim = field.trim !== false
  const form = field.normalise === 'NFKC' ? 'NFKC' : undefined
  // Normalising takes a time that grows with the square of a run of combining marks: what is far too long is left as
  // it is, and refused for its length.
  const maxNormalised = 4 * Number(field.maxLength)
  return (value, name, body) => {
    const text = typeof value === 'number' ? numberAsText(body, name, value) : value
    // A number that is not quite the one that was sent stays one, and is refused by its type.
    if (typeof text !== 'string') return value
    const stripped = trim ? strip(text) : text
    return form && stripped.length <= maxNormalised ? stripped.normalize(form) : stripped
  }
}

const isExtra = (kind: unknown): kind is FieldKind => typeof kind === 'string'

const choicesOf = ({ enum: choices }: Record<string, unknown>): unknown[] =>
  Array.isArray(choices) ? choices : []

const isNullable = (field: Record<string, unknown>): boolean =>
  [field.type].flat().includes('null') || choicesOf(field).includes(null)

/** White space as Python's `str.strip` has it: some control characters more than JavaScript's, and not U+FEFF. */
function isSpace(character: string): boolean {
  const code = character.charCodeAt(0)
  if (code > 0x20 && code < 0x85) return false
  return (code >= 0x1c && code <= 0x1f) || code === 0x85 || (code !== 0xfeff && /\s/.test(character))
}

/** A text without the white space at its ends. */
export function strip(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isSpace(text.charAt(start))) start++
  while (end > start && isSpace(text.charAt(end - 1))) end--
  return start === 0 && end === text.length ? text : text.slice(start, end)
}
